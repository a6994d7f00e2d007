// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power domains of the virtual Adreno: cx, and gx, in which the GPU itself is.
 * When gx goes off, the GPU's registers lose what they held.
 *
 * If the device tree says that the virtual SoC is in a power domain itself, gx is
 * in that one: turning gx on turns it on first.
 */

#include <linux/device.h>
#include <linux/pm_domain.h>

#include "vadreno.h"

struct vadreno_pd {
	struct generic_pm_domain pd;
	struct vadreno *v;
	unsigned int id;
};

static struct vadreno_pd pds[VADRENO_NR_PDS];
static struct generic_pm_domain *pd_list[VADRENO_NR_PDS];
static struct genpd_onecell_data pd_data = {
	.domains = pd_list,
	.num_domains = VADRENO_NR_PDS,
};

static int vadreno_pd_on(struct generic_pm_domain *domain)
{
	return 0;
}

static int vadreno_pd_off(struct generic_pm_domain *domain)
{
	struct vadreno_pd *pd = container_of(domain, struct vadreno_pd, pd);

	if (pd->id == VADRENO_PD_GX)
		vadreno_power_off(pd->v);
	return 0;
}

/*
 * The GPU is in the domain, and nothing else: the rest of what the device stands
 * for, such as the IOMMU, is always on and would keep the domain on as well.
 */
static int add_to_parent(struct vadreno *v)
{
	struct generic_pm_domain *parent;
	int ret;

	if (!v->dev->pm_domain)
		return 0;

	parent = pd_to_genpd(v->dev->pm_domain);
	ret = pm_genpd_remove_device(v->dev);

	return ret ? ret : pm_genpd_add_subdomain(parent, pd_list[VADRENO_PD_GX]);
}

/**
 * vadreno_genpd_init() - register the power domains
 * @v: the GPU
 */
int vadreno_genpd_init(struct vadreno *v)
{
	static const char *const names[VADRENO_NR_PDS] = {
		[VADRENO_PD_CX] = "vadreno-cx",
		[VADRENO_PD_GX] = "vadreno-gx",
	};
	unsigned int i;
	int ret;

	for (i = 0; i < VADRENO_NR_PDS; i++) {
		struct vadreno_pd *pd = &pds[i];

		pd->v = v;
		pd->id = i;
		pd->pd.name = names[i];
		pd->pd.power_on = vadreno_pd_on;
		pd->pd.power_off = vadreno_pd_off;
		ret = pm_genpd_init(&pd->pd, NULL, true);
		if (ret)
			return ret;
		pd_list[i] = &pd->pd;
	}

	ret = add_to_parent(v);
	if (ret)
		return ret;

	return of_genpd_add_provider_onecell(v->dev->of_node, &pd_data);
}
