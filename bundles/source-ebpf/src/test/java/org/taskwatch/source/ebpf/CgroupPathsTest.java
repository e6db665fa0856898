// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

public class CgroupPathsTest {
    private static final String UNIFIED =
            "25 1 0:22 / / rw - ext4 /dev/sda rw\n"
                    + "30 25 0:26 /part /elsewhere rw - cgroup2 cgroup2 rw\n"
                    + "31 25 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n";

    private static final String OLDER = "32 25 0:27 / /cpu rw - cgroup cgroup rw,cpu\n";

    @Test
    public void shouldKnowThePathThatWasToldWhenTheGroupWasMade() {
        CgroupPaths paths = CgroupPaths.ofMounts(UNIFIED);
        paths.created(1234, "/a/b");

        assertThat(paths.path(1234)).isEqualTo("/a/b");
        assertThat(paths.path(77)).isNull();
    }

    @Test
    public void shouldForgetThoseThatWereNotAskedForForLongest() {
        CgroupPaths paths = CgroupPaths.ofMounts(UNIFIED);
        for (int id = 1; id <= CgroupPaths.MOST; id++) {
            paths.created(id, "/" + id);
        }
        assertThat(paths.path(1)).isEqualTo("/1");
        paths.created(CgroupPaths.MOST + 1, "/new");

        assertThat(paths.path(1)).isEqualTo("/1");
        assertThat(paths.path(2)).isNull();
        assertThat(paths.path(CgroupPaths.MOST + 1)).isEqualTo("/new");
    }

    @Test
    public void shouldLeaveOutTheRootWhereVersion1IsInUse() {
        CgroupPaths unified = CgroupPaths.ofMounts(UNIFIED);
        CgroupPaths mixed = CgroupPaths.ofMounts(UNIFIED + OLDER);
        unified.created(1, "/");
        mixed.created(1, "/");

        assertThat(unified.areAllUnified()).isTrue();
        assertThat(unified.path(1)).isEqualTo("/");
        assertThat(mixed.areAllUnified()).isFalse();
        assertThat(mixed.path(1)).isNull();
    }

    @Test
    public void shouldNotTakeAPathThatWasCutOrNotRead() {
        CgroupPaths paths = CgroupPaths.ofMounts(UNIFIED);
        paths.created(1, "/" + "a".repeat(RecordLayout.MOST_GROUP_PATH - 2));
        paths.created(2, "");
        paths.created(3, "/" + "a".repeat(RecordLayout.MOST_GROUP_PATH - 3));

        assertThat(paths.path(1)).isNull();
        assertThat(paths.path(2)).isNull();
        assertThat(paths.path(3)).hasSize(RecordLayout.MOST_GROUP_PATH - 2);
    }

    @Test
    public void shouldTakeAPathBelowTheMountUnlessTheGroupWasRemoved() {
        CgroupPaths paths = CgroupPaths.ofMounts(UNIFIED);

        assertThat(paths.below("/sys/fs/cgroup")).isEqualTo("/");
        assertThat(paths.below("/sys/fs/cgroup/a/b")).isEqualTo("/a/b");
        assertThat(paths.below("/sys/fs/cgroup/a (deleted)")).isEmpty();
    }
}
