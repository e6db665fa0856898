// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

/// Which exit ends which task: a process ends with its last thread, and an exit may be read after an exec
/// or after a new task has the number.
public class ExitsTest extends TableTest {
    @Test
    public void shouldFreeAThreadAtItsExit() {
        thread(20, 10, 0);
        exit(20, 10, 0);

        assertThat(core.lines()).containsExactly("CLONE 20 0", "EXIT 20 0", "FREE 20 0");
        assertThat(core.notifications().getFirst().task().parent()).isSameAs(tasks.task(10));
        assertThat(task(10).isAlive()).isTrue();
    }

    @Test
    public void shouldHoldTheExitOfAProcessUntilItsLastThreadHasExited() {
        thread(20, 10, 0);
        thread(21, 10, 0);
        core.takeLines();
        exit(10, 10, 0);
        exit(20, 10, 0);
        assertThat(core.takeLines()).containsExactly("EXIT 20 0", "FREE 20 0");
        assertThat(task(10).exitStatus()).isEmpty();

        exit(21, 10, 0x700);
        assertThat(core.takeLines())
                .containsExactly("EXIT 21 1792", "FREE 21 1792", "EXIT 10 1792");
    }

    @Test
    public void shouldKeepTheStatusOfTheGroupExitIfAThreadWasJustLeaving() {
        thread(20, 10, 0);
        core.takeLines();
        exit(10, 10, 0x300);
        exit(20, 10, 0);

        assertThat(core.lines()).containsExactly("EXIT 20 0", "FREE 20 0", "EXIT 10 768");
    }

    @Test
    public void shouldHoldTheFreeOfAProcessUntilItsLastThreadHasExited() {
        thread(20, 10, 0);
        core.takeLines();
        exit(10, 10, 0);
        recorder.freed(at(600), 10);
        assertThat(core.lines()).isEmpty();

        exit(20, 10, 0x700);
        assertThat(core.takeLines())
                .containsExactly("EXIT 20 1792", "FREE 20 1792", "EXIT 10 1792", "FREE 10 1792");
        assertThat(tasks.task(10)).isNull();
    }

    @Test
    public void shouldReviveTheFirstThreadWhenAnotherExecutes() {
        thread(20, 10, 0);
        thread(21, 10, 0);
        core.takeLines();
        exit(21, 10, 0);
        exit(10, 10, 0);
        recorder.executed(at(2), 10, 10, _ -> false);

        assertThat(core.takeLines())
                .containsExactly("EXIT 21 0", "FREE 21 0", "EXIT 20 -1", "FREE 20 -1", "EXEC 10 0");
        exit(10, 10, 0x100);
        recorder.freed(at(600), 10);
        assertThat(core.takeLines()).containsExactly("EXIT 10 256", "FREE 10 256");
    }

    @Test
    public void shouldNotTakeAnExitThatComesAfterTheExecForTheEndOfTheProcess() {
        thread(20, 10, 0);
        thread(21, 10, 0);
        core.takeLines();
        recorder.executed(at(2), 10, 10, _ -> false); // by 20; the exits of 10 and 21 come after it
        assertThat(core.takeLines())
                .containsExactly(
                        "EXIT 20 -1", "FREE 20 -1", "EXIT 21 -1", "FREE 21 -1", "EXEC 10 0");
        exit(21, 10, 0);
        exit(10, 10, 0);
        assertThat(core.takeLines()).isEmpty();
        assertThat(task(10).isAlive()).isTrue();

        exit(10, 10, 0x300);
        assertThat(core.takeLines()).containsExactly("EXIT 10 768");
    }

    @Test
    public void shouldTellTheExitOfAProcessWhoseFirstThreadHasExecutedItself() {
        thread(20, 10, 0);
        core.takeLines();
        recorder.executed(at(2), 10, 10, _ -> false);
        exit(20, 10, 0); // late
        core.takeLines();

        exit(10, 10, 0x300);
        assertThat(core.takeLines()).containsExactly("EXIT 10 768");
    }

    @Test
    public void shouldTellTheStatusOfAProcessThatIsGoneWhenTheLateExitIsRead() {
        thread(20, 10, 0);
        recorder.executed(at(2), 10, 10, _ -> false);
        core.takeLines();
        proc.remove(10);
        exit(10, 10, 0); // of the thread that was first, or of the process: not known yet
        assertThat(core.takeLines()).isEmpty();

        exit(10, 10, 0x300);
        recorder.freed(at(600), 10);
        assertThat(core.takeLines()).containsExactly("EXIT 10 768", "FREE 10 768");
    }

    @Test
    public void shouldTellTheOnlyExitWithTheFreeIfAnotherOneWasAwaited() {
        thread(20, 10, 0);
        recorder.executed(at(2), 10, 10, _ -> false);
        core.takeLines();
        proc.remove(10);
        exit(10, 10, 0x300);
        recorder.freed(at(600), 10);

        assertThat(core.takeLines()).containsExactly("EXIT 10 768", "FREE 10 768");
    }

    @Test
    public void shouldTellTheExitOfAThreadThatHasTheTidOfOneThatAnExecHasEnded() {
        thread(20, 10, 0);
        recorder.executed(at(2), 10, 10, _ -> false);
        thread(20, 10, 400);
        core.takeLines();
        exit(20, 10, 0);

        assertThat(core.takeLines()).containsExactly("EXIT 20 0", "FREE 20 0");
    }

    @Test
    public void shouldNotEndTheNewTaskByAnExitOfTheOldOneThatComesLate() {
        fork(11, 10, 0);
        fork(11, 10, 300);
        proc.process(11, 10, at(300), "sh");
        LinuxTask now = task(11);
        core.takeLines();
        exit(11, 11, 0);
        assertThat(core.takeLines()).isEmpty();
        assertThat(now.isAlive()).isTrue();

        exit(11, 11, 0x300);
        assertThat(core.takeLines()).containsExactly("EXIT 11 768");
    }

    @Test
    public void shouldNotEndTheNewTaskByAnExitOfAThreadThatHadItsTid() {
        thread(20, 10, 0);
        fork(20, 10, 300);
        core.takeLines();
        exit(20, 10, 0);

        assertThat(core.takeLines()).isEmpty();
        assertThat(task(20).isThread()).isFalse();
    }
}
