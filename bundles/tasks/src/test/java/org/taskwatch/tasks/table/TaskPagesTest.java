// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.tasks.detail.DetailBudget;
import org.taskwatch.tasks.detail.Details;
import org.taskwatch.tasks.procfs.ProcFs;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/// The pages hold what a map would.
public class TaskPagesTest {
    private static final int TIDS = 200_000;
    private static final int STEPS = 300_000;

    private final KernelParents parents =
            new KernelParents(new LiveTasks(new DetailBudget(), () -> {}), new ProcFs());
    private final TaskPages pages = new TaskPages();

    private LinuxTask task(int tid) {
        Birth birth = new Birth(tid, tid, Start.NOTED, 0, 0);
        return new LinuxTask(birth, null, null, parents, Details.unknown(Reason.GONE));
    }

    @Test
    public void shouldHoldWhatAMapWould() {
        Random random = new Random(1);
        TreeMap<Integer, LinuxTask> map = new TreeMap<>();
        for (int i = 0; i < STEPS; i++) {
            int tid = random.nextInt(TIDS);
            if (random.nextBoolean()) {
                LinuxTask task = task(tid);
                pages.put(task);
                map.put(tid, task);
            } else if (pages.get(tid) instanceof LinuxTask known) {
                pages.remove(known);
                map.remove(tid);
            }
        }

        assertThat(pages.size()).isEqualTo(map.size());
        assertThat(pages).containsExactlyElementsOf(map.values());
        List.copyOf(map.values()).forEach(pages::remove);
        assertThat(pages).isEmpty();
        assertThat(pages.size()).isZero();
    }

    @Test
    public void shouldNotTakeOutWhoHasTheTidNow() {
        LinuxTask before = task(7);
        LinuxTask now = task(7);
        pages.put(before);
        pages.put(now);
        pages.remove(before);

        assertThat(pages.get(7)).isSameAs(now);
        assertThat(pages.size()).isEqualTo(1);
    }

    @Test
    public void shouldHaveNoTaskWhereNoneCanBe() {
        pages.put(task(1));

        assertThat(pages.get(-1)).isNull();
        assertThat(pages.get(Integer.MAX_VALUE)).isNull();
        pages.remove(task(Integer.MAX_VALUE));
        assertThat(pages.size()).isEqualTo(1);
    }

    @Test
    public void shouldGoOnThroughWhatIsLeftWhileTasksComeAndGo() {
        List<LinuxTask> all = new ArrayList<>();
        for (int tid = 1; tid <= 5000; tid++) {
            all.add(task(tid));
        }
        all.forEach(pages::put);
        Iterator<LinuxTask> during = pages.iterator();
        all.subList(0, 4999).forEach(pages::remove);
        pages.put(task(1_000_000));

        assertThat(during).toIterable().contains(all.getLast()).doesNotContain(all.get(2000));
    }
}
