// SPDX-License-Identifier: GPL-2.0-only
/*
 * The IOMMU of the virtual Adreno: real page tables by io-pgtable-arm, which
 * mem.c walks for each access of the command processor. It plays arm-smmu's
 * part towards the msm driver (struct adreno_smmu_priv), which gives gen6 a
 * page table for each process in the lower half of the address space.
 */

#include <linux/adreno-smmu-priv.h>
#include <linux/device.h>
#include <linux/io-pgtable.h>
#include <linux/iommu.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include "compat.h"
#include "vadreno.h"

#define VADRENO_PGSIZES		(SZ_4K | SZ_2M | SZ_1G)
#define VADRENO_IAS		48

struct vadreno_domain {
	struct iommu_domain domain;
	struct io_pgtable_ops *ops;
	struct device *dev;
	unsigned long quirks;
};

static struct vadreno *iommu_owner;
static struct iommu_device iommu_dev;

#define to_vadreno_domain(d) container_of(d, struct vadreno_domain, domain)

static void tlb_flush_all(void *cookie)
{
}

static void tlb_flush_walk(unsigned long iova, size_t size, size_t granule,
			   void *cookie)
{
}

static void tlb_add_page(struct iommu_iotlb_gather *gather,
			 unsigned long iova, size_t granule, void *cookie)
{
}

/* The walk (mem.c) never remembers anything. */
static const struct iommu_flush_ops tlb_ops = {
	.tlb_flush_all = tlb_flush_all,
	.tlb_flush_walk = tlb_flush_walk,
	.tlb_add_page = tlb_add_page,
};

static bool is_gpu(struct device *dev)
{
	return dev->of_node &&
		of_device_is_compatible(dev->of_node, "qcom,adreno");
}

static bool is_gmu(struct device *dev)
{
	return dev->of_node &&
		of_device_is_compatible(dev->of_node, "qcom,adreno-gmu");
}

static const struct io_pgtable_cfg *smmu_ttbr1_cfg(const void *cookie)
{
	const struct vadreno_domain *dom = cookie;

	return &io_pgtable_ops_to_pgtable(dom->ops)->cfg;
}

static int smmu_set_ttbr0(const void *cookie, const struct io_pgtable_cfg *cfg)
{
	/*
	 * The command processor takes it from CP_SMMU_TABLE_UPDATE. We are told of
	 * the first process with a page table, and when there is none any more.
	 */
	WRITE_ONCE(iommu_owner->process_tables, !!cfg);
	return 0;
}

static void smmu_fault_info(const void *cookie,
			    struct adreno_smmu_fault_info *info)
{
	struct vadreno *v = iommu_owner;

	*info = (struct adreno_smmu_fault_info){
		.far = v->fault_iova,
		.ttbr0 = v->cp.ttbr0,
		/* ARM_SMMU_FSR_TF, a translation fault, and _SS: it stalls */
		.fsr = BIT(1) | (v->cp.stalled ? BIT(30) : 0),
	};
}

static void smmu_set_stall(const void *cookie, bool enabled)
{
	struct vadreno *v = iommu_owner;
	unsigned long flags;

	raw_spin_lock_irqsave(&v->lock, flags);
	v->stall = enabled;
	raw_spin_unlock_irqrestore(&v->lock, flags);
}

/* A page fault stopped the GPU: let it go on without what it asked for. */
static void resume(struct vadreno *v)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&v->lock, flags);
	v->cp.stalled = false;
	vadreno_kick(v, 0);
	raw_spin_unlock_irqrestore(&v->lock, flags);
}

static void smmu_resume(const void *cookie, bool terminate)
{
	resume(iommu_owner);
}

#if VADRENO_SMMU_PRR
static void smmu_prr_bit(const void *cookie, bool set)
{
}

static void smmu_prr_addr(const void *cookie, phys_addr_t addr)
{
}
#endif

static void offer_smmu_priv(struct vadreno_domain *dom, struct device *dev)
{
	struct adreno_smmu_priv *priv = dev_get_drvdata(dev);

	priv->cookie = dom;
	priv->get_ttbr1_cfg = smmu_ttbr1_cfg;
	priv->set_ttbr0_cfg = smmu_set_ttbr0;
	priv->get_fault_info = smmu_fault_info;
	priv->set_stall = smmu_set_stall;
	priv->resume_translation = smmu_resume;
#if VADRENO_SMMU_PRR
	priv->set_prr_bit = smmu_prr_bit;
	priv->set_prr_addr = smmu_prr_addr;
#endif
}

static struct vadreno_domain *new_domain(void)
{
	struct vadreno_domain *dom = kzalloc(sizeof(*dom), GFP_KERNEL);

	if (!dom)
		return NULL;

	dom->domain.pgsize_bitmap = VADRENO_PGSIZES;
	dom->domain.geometry.aperture_end = (1UL << VADRENO_IAS) - 1;
	dom->domain.geometry.force_aperture = true;
	return dom;
}

/* Only here is it known whose domain this is, and so what it must look like. */
static int finalise(struct vadreno_domain *dom, struct device *dev)
{
	bool split = iommu_owner->split_tables && is_gpu(dev);
	struct io_pgtable_cfg cfg = {
		.pgsize_bitmap = VADRENO_PGSIZES,
		.ias = VADRENO_IAS,
		.oas = VADRENO_IAS,
		.coherent_walk = true,
		.quirks = dom->quirks,
		.tlb = &tlb_ops,
		.iommu_dev = iommu_owner->dev,
	};

	if (split)
		cfg.quirks |= IO_PGTABLE_QUIRK_ARM_TTBR1;

	dom->ops = alloc_io_pgtable_ops(ARM_64_LPAE_S1, &cfg, dom);
	if (!dom->ops)
		return -ENOMEM;

	dom->dev = dev;
	dom->domain.pgsize_bitmap = cfg.pgsize_bitmap;
	if (split) {
		dom->domain.geometry.aperture_start = ~0UL << VADRENO_IAS;
		dom->domain.geometry.aperture_end = ~0UL;
		offer_smmu_priv(dom, dev);
	}
	return 0;
}

static void set_domain(struct device *dev, struct iommu_domain *domain)
{
	struct vadreno *v = iommu_owner;
	unsigned long flags;

	raw_spin_lock_irqsave(&v->lock, flags);
	if (is_gpu(dev))
		v->gpu_domain = domain;
	else if (is_gmu(dev))
		v->gmu.domain = domain;
	raw_spin_unlock_irqrestore(&v->lock, flags);
}

static int paging_attach(struct iommu_domain *domain, struct device *dev)
{
	struct vadreno_domain *dom = to_vadreno_domain(domain);
	int ret = 0;

	if (!dom->ops)
		ret = finalise(dom, dev);
	if (!ret)
		set_domain(dev, domain);
	return ret;
}

static int identity_attach(struct iommu_domain *domain, struct device *dev)
{
	set_domain(dev, NULL);
	return 0;
}

#if VADRENO_IOMMU_ATTACH_OLD
static int op_attach(struct iommu_domain *domain, struct device *dev,
		     struct iommu_domain *old)
{
	return paging_attach(domain, dev);
}

static int op_identity_attach(struct iommu_domain *domain, struct device *dev,
			      struct iommu_domain *old)
{
	return identity_attach(domain, dev);
}
#else
#define op_attach paging_attach
#define op_identity_attach identity_attach
#endif

/* As if there were no memory for a page table. */
static bool inject_map(struct vadreno *v)
{
	unsigned long flags;
	bool fails;

	raw_spin_lock_irqsave(&v->lock, flags);
	fails = v->fault.map && !--v->fault.map;
	raw_spin_unlock_irqrestore(&v->lock, flags);
	return fails;
}

static int op_map(struct iommu_domain *domain, unsigned long iova,
		  phys_addr_t paddr, size_t pgsize, size_t pgcount, int prot,
		  gfp_t gfp, size_t *mapped)
{
	struct io_pgtable_ops *ops = to_vadreno_domain(domain)->ops;

	if (!ops)
		return -ENODEV;
	if (inject_map(iommu_owner))
		return -ENOMEM;
	return ops->map_pages(ops, iova, paddr, pgsize, pgcount, prot, gfp,
			      mapped);
}

static size_t op_unmap(struct iommu_domain *domain, unsigned long iova,
		       size_t pgsize, size_t pgcount,
		       struct iommu_iotlb_gather *gather)
{
	struct io_pgtable_ops *ops = to_vadreno_domain(domain)->ops;

	return ops ? ops->unmap_pages(ops, iova, pgsize, pgcount, gather) : 0;
}

static phys_addr_t op_iova_to_phys(struct iommu_domain *domain,
				   dma_addr_t iova)
{
	struct io_pgtable_ops *ops = to_vadreno_domain(domain)->ops;

	return ops ? ops->iova_to_phys(ops, iova) : 0;
}

static int op_set_quirks(struct iommu_domain *domain, unsigned long quirks)
{
	to_vadreno_domain(domain)->quirks = quirks;
	return 0;
}

static void op_free(struct iommu_domain *domain)
{
	struct vadreno_domain *dom = to_vadreno_domain(domain);
	struct vadreno *v = iommu_owner;
	unsigned long flags;

	raw_spin_lock_irqsave(&v->lock, flags);
	if (v->gpu_domain == domain)
		v->gpu_domain = NULL;
	if (v->gmu.domain == domain)
		v->gmu.domain = NULL;
	raw_spin_unlock_irqrestore(&v->lock, flags);
	/* As a driver of a real one would free the interrupt. */
	flush_work(&v->fault_work);

	free_io_pgtable_ops(dom->ops);
	kfree(dom);
}

static const struct iommu_domain_ops paging_ops = {
	.attach_dev = op_attach,
	.map_pages = op_map,
	.unmap_pages = op_unmap,
	.iova_to_phys = op_iova_to_phys,
	.set_pgtable_quirks = op_set_quirks,
	.free = op_free,
};

static const struct iommu_domain_ops identity_ops = {
	.attach_dev = op_identity_attach,
#if VADRENO_IOMMU_BUS_ALLOC
	.free = op_free,
#endif
};

#if VADRENO_IOMMU_BUS_ALLOC
static struct iommu_domain *op_domain_alloc(unsigned int type)
{
	struct vadreno_domain *dom;

	if (type != IOMMU_DOMAIN_IDENTITY && type != IOMMU_DOMAIN_UNMANAGED)
		return NULL;

	dom = new_domain();
	if (!dom)
		return NULL;
	dom->domain.ops = type == IOMMU_DOMAIN_IDENTITY ?
		&identity_ops : &paging_ops;
	return &dom->domain;
}
#else
static struct iommu_domain identity_domain = {
	.type = IOMMU_DOMAIN_IDENTITY,
	.ops = &identity_ops,
};

static struct iommu_domain *op_domain_alloc_paging(struct device *dev)
{
	struct vadreno_domain *dom = new_domain();

	return dom ? &dom->domain : NULL;
}
#endif

/*
 * No fwspec: the display device that msm makes for a GPU without a display has
 * no device tree node to have one, yet must be seen to have an IOMMU.
 */
static struct iommu_device *op_probe_device(struct device *dev)
{
	if (is_gpu(dev) || is_gmu(dev) || !strcmp(dev_name(dev), "msm"))
		return &iommu_dev;
	return ERR_PTR(-ENODEV);
}

static int op_def_domain_type(struct device *dev)
{
	return IOMMU_DOMAIN_IDENTITY;
}

static const struct iommu_ops vadreno_iommu_ops = {
	.probe_device = op_probe_device,
	.device_group = generic_device_group,
	.def_domain_type = op_def_domain_type,
	.default_domain_ops = &paging_ops,
#if VADRENO_IOMMU_OPS_PGSIZE
	.pgsize_bitmap = VADRENO_PGSIZES,
#endif
#if VADRENO_IOMMU_BUS_ALLOC
	.domain_alloc = op_domain_alloc,
#else
	.identity_domain = &identity_domain,
	.domain_alloc_paging = op_domain_alloc_paging,
#endif
};

/* What arm-smmu does in the thread of its interrupt; the handler may sleep. */
static void fault_work(struct work_struct *work)
{
	struct vadreno *v = container_of(work, struct vadreno, fault_work);
	struct iommu_domain *domain;
	unsigned long flags;
	bool stalled;
	u64 iova;

	raw_spin_lock_irqsave(&v->lock, flags);
	domain = v->gpu_domain;
	iova = v->fault_iova;
	stalled = v->cp.stalled;
	raw_spin_unlock_irqrestore(&v->lock, flags);

	if (domain)
		report_iommu_fault(domain, to_vadreno_domain(domain)->dev,
				   iova, IOMMU_FAULT_READ);
	if (stalled && VADRENO_SMMU_RESUMES)
		resume(v);
}

/**
 * vadreno_iommu_report() - have the driver told of a page fault, if there is one
 * @v: the GPU, not locked
 */
void vadreno_iommu_report(struct vadreno *v)
{
	unsigned long flags;
	bool pending;

	raw_spin_lock_irqsave(&v->lock, flags);
	pending = v->fault_pending;
	v->fault_pending = false;
	raw_spin_unlock_irqrestore(&v->lock, flags);

	if (pending)
		queue_work(system_highpri_wq, &v->fault_work);
}

/**
 * vadreno_iommu_init() - register the IOMMU
 * @v: the GPU
 */
int vadreno_iommu_init(struct vadreno *v)
{
	int ret;

	iommu_owner = v;
	INIT_WORK(&v->fault_work, fault_work);
	/* The driver asks whether the IOMMU is in use before it flushes it. */
	pm_runtime_get_noresume(v->dev);
	pm_runtime_set_active(v->dev);
	pm_runtime_enable(v->dev);
	ret = iommu_device_sysfs_add(&iommu_dev, v->dev, NULL, "vadreno");
	if (ret)
		return ret;
	return iommu_device_register(&iommu_dev, &vadreno_iommu_ops, NULL);
}
