// SPDX-License-Identifier: GPL-2.0-only
/* A commit message as the Android common kernels want it. */
#include <stdlib.h>

#include "form.h"

void form_android(const struct form_context *fc, const struct cell *cell,
		  struct text *t)
{
	char *id = form_change_id(cell);

	form_tag(fc, cell, "ANDROID", t);
	if (fc->bug)
		text_add(t, "Bug: %s", fc->bug);
	text_add(t, "Change-Id: %s", id);
	form_sign(fc, t);
	free(id);
}
