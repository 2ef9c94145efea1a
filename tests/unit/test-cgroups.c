/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroups/ on directories that look like groups; on real ones it is tested in tests/bats and
 * tests/vm. */
#include "tests/unit/scratch.h"

#include "cgroups/cgtree.h"
#include "cgroups/dying.h"

static void stat_file(long dying)
{
	char text[80];

	snprintf(text, sizeof(text), "nr_descendants 7\nnr_dying_descendants %ld\n", dying);
	put("vz/cgroup.stat", text);
	put("vz/memory.reclaim", "");
}

static void dying(void)
{
	_cleanup_close_ int vz = cgtree_dir(AT_FDCWD, "vz");

	dying_sweep(vz);
	ok(access("vz/memory.reclaim", F_OK) < 0, "no files, nothing to do");
	stat_file(DYING_MAX);
	dying_sweep(vz);
	is_file("vz/memory.reclaim", "", "up to the cap nothing is asked for");
	stat_file(DYING_MAX + 1);
	dying_sweep(vz);
	is_file("vz/memory.reclaim", "131072 swappiness=0", "above it a few pages, no swap");
	ok(true, "and it ends though the number stays");
	put("vz/cgroup.stat", "nr_descendants 7\n");
	put("vz/memory.reclaim", "");
	dying_sweep(vz);
	is_file("vz/memory.reclaim", "", "a kernel that does not count is left alone");
	unlink("vz/memory.reclaim");
	put("vz/cgroup.stat", "nr_dying_descendants 99999\n");
	dying_sweep(vz);
	ok(true, "without the memory controller it ends");
}

int main(void)
{
	if (scratch_begin() < 0)
		return 1;
	mkdir("vz", 0755);
	dying();
	scratch_end();
	return done();
}
