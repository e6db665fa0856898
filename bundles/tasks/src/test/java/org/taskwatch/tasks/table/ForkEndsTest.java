// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.Test;
import org.taskwatch.tasks.Fork;

/// How it is found out that a fork of a gated tree has no child, and what is told then.
public class ForkEndsTest extends ForksFixture {
    @Test
    public void shouldFindOutThatAForkHasFailed() {
        Fork fork = allowed(10, -100);
        proc.file(10, "syscall", "56 0x1200011 0x0\n");
        look();
        look();
        look();
        assertThat(ends()).isEmpty();

        proc.file(10, "syscall", "running\n");
        look();
        look();
        assertThat(ends()).isEmpty();

        proc.file(10, "syscall", "35 0x7ffe 0x0\n");
        look();
        assertThat(ends()).as("what the source has until now is still to be read").isEmpty();
        look();
        assertThat(ends()).containsExactly("FREE -1 the fork failed or was interrupted");
        assertThat(gateCore.notifications().getFirst().task()).isSameAs(fork.init().task());
        look();
        assertThat(gateCore.lines()).hasSize(1);
    }

    @Test
    public void shouldNotTakeAForkForOverThatWasBegunAgain() {
        Fork fork = allowed(10, -100);
        proc.file(10, "syscall", "35 0x7ffe 0x0\n"); // in the handler of a signal
        look();
        fork.allowed();
        look();
        look();

        assertThat(ends()).isEmpty();
    }

    @Test
    public void shouldFindOutThatTheForkerIsGone() {
        allowed(10, -100);
        proc.remove(10);
        look();
        look();

        assertThat(ends()).containsExactly("FREE -1 the fork failed or was interrupted");
    }

    @Test
    public void shouldFindABirthAmongWhatIsReadAfterTheForkWasOver() {
        Fork fork = allowed(10, -100);
        proc.file(10, "syscall", "35 0x7ffe 0x0\n");
        look();
        recorder.accept(cloned(11, -50, 10, 10));
        look();

        assertThat(task(11)).isSameAs(fork.init().task());
        assertThat(gateCore.lines()).isEmpty();
    }

    @Test
    public void shouldBelieveASourceThatKnowsOfTheFailure() {
        allowed(10, -100);
        proc.file(10, "syscall", "56 0x1200011 0x0\n"); // the next one
        source.failedFork = 12;
        look();
        look();

        assertThat(ends()).containsExactly("FREE 12 the fork failed: ENOMEM");
    }

    @Test
    public void shouldWaitAsLongForABirthAsTheSourceMayBeLate() {
        source.delayMillis = 100_000;
        allowed(10, -100);
        proc.file(10, "syscall", "35 0x7ffe 0x0\n");
        look();
        look();
        assertThat(ends()).isEmpty();

        source.delayMillis = 1;
        await().until(() -> {
            look();
            return !ends().isEmpty();
        });
        assertThat(ends())
                .containsExactly("FREE -1 no child was seen, as the source looks now and then");
    }

    @Test
    public void shouldSayThatTheBirthMayBeLost() {
        allowed(10, -100);
        recorder.lost(3, "full", at(-200));
        proc.file(10, "syscall", "35 0x7ffe 0x0\n");
        look();
        look();

        assertThat(ends())
                .containsExactly("FREE -1 events were lost, and what has become of the fork");
    }

    @Test
    public void shouldFindOutWhatBecomesOfTheForksOfAGateThatIsClosed() {
        fork(20, 10, -300);
        Fork born = allowed(10, -200);
        allowed(20, -100);
        forks.closed(gate);
        proc.remove(10);
        proc.remove(20);
        look();
        recorder.accept(cloned(11, -150, 10, 10)); // read when its tree has ended
        look();

        assertThat(task(11)).isSameAs(born.init().task());
        assertThat(ends()).containsExactly("FREE -1 the fork failed or was interrupted");
    }

    @Test
    public void shouldEndAllForksThatNoSourceTellsOf() {
        Fork before = allowed(10, 0);
        forks.matcher().unwatched();
        forks.matcher().close();
        Fork after = allowed(10, 1);

        assertThat(ends())
                .containsExactly(
                        "FREE -1 there is no source of events that tells of the fork",
                        "FREE -1 the instance does not watch tasks any more");
        assertThat(before.isOpen() || after.isOpen()).isFalse();
    }

    @Test
    public void shouldHoldNoMoreThanAThousandForksOfAThread() {
        for (int i = 0; i <= OpenForks.MOST_OF_THREAD; i++) {
            allowed(10, i);
        }
        assertThat(gateCore.lines()).hasSize(OpenForks.MOST_OF_THREAD);
        recorder.accept(cloned(11, OpenForks.MOST_OF_THREAD + 1, 10, 10));
        assertThat(task(11).gate()).isEqualTo(gate);
        assertThat(gateCore.lines()).hasSize(OpenForks.MOST_OF_THREAD);
    }

    @Test
    public void shouldHoldNoMoreForksThanTheMemoryIsFor() {
        for (int tid = 100; tid < 164; tid++) {
            thread(tid, 10, 0);
        }
        for (int i = 0; i <= OpenForks.MOST; i++) {
            allowed(100 + i % 64, 1 + i);
        }
        assertThat(ends())
                .containsExactly(
                        "FREE -1 it is not known what has become of the fork: the instance is held"
                                + " up");
    }
}
