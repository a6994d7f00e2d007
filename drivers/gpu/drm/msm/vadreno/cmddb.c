// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the boot loader of a SoC with RPMh leaves in memory, and the driver of the
 * command database looks up: the addresses of resources, and what is to be known
 * of each. That driver maps memory that is none of the kernel's, which UML has
 * not; so here are its functions themselves.
 *
 * Only the buses between the GPU and memory are in it, as on an SDM845.
 */

#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#include <soc/qcom/cmd-db.h>

#define BCM_ADDR	0x50000

/* struct bcm_db of the drivers: bytes, and clock domain */
struct bcm {
	__le32 unit;
	__le16 width;
	u8 vcd, reserved;
};

static const char *const names[] = {
	"MC0", "ACV", "SH0", "SH1", "SH2", "SH3", "SH5",
};

static const struct bcm bcm = {
	.unit = cpu_to_le32(4),
	.width = cpu_to_le16(4),
};

static int find(const char *id)
{
	return match_string(names, ARRAY_SIZE(names), id);
}

/**
 * cmd_db_ready() - whether there is a database
 */
int cmd_db_ready(void)
{
	return 0;
}
EXPORT_SYMBOL_GPL(cmd_db_ready);

/**
 * cmd_db_read_addr() - the address of a resource
 * @id: its name
 *
 * Return: the address, or 0.
 */
u32 cmd_db_read_addr(const char *id)
{
	int i = find(id);

	return i < 0 ? 0 : BCM_ADDR + i * 4;
}
EXPORT_SYMBOL_GPL(cmd_db_read_addr);

/**
 * cmd_db_read_aux_data() - what is to be known of a resource
 * @id: its name
 * @len: where to put the length
 */
const void *cmd_db_read_aux_data(const char *id, size_t *len)
{
	if (find(id) < 0)
		return ERR_PTR(-EINVAL);
	if (len)
		*len = sizeof(bcm);
	return &bcm;
}
EXPORT_SYMBOL_GPL(cmd_db_read_aux_data);

/**
 * cmd_db_match_resource_addr() - whether two addresses are of one resource
 * @addr1: one
 * @addr2: the other
 */
bool cmd_db_match_resource_addr(u32 addr1, u32 addr2)
{
	return addr1 == addr2;
}
EXPORT_SYMBOL_GPL(cmd_db_match_resource_addr);

/**
 * cmd_db_read_slave_id() - what kind of a resource it is
 * @id: its name
 */
enum cmd_db_hw_type cmd_db_read_slave_id(const char *id)
{
	return find(id) < 0 ? CMD_DB_HW_INVALID : CMD_DB_HW_BCM;
}
EXPORT_SYMBOL_GPL(cmd_db_read_slave_id);
