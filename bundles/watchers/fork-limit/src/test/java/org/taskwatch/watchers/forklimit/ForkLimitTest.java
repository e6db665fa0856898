// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.forklimit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Gate;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.Verdict;
import org.taskwatch.testing.FakeTask;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// How many processes of a gated tree may be alive, and how fast it may fork.
public class ForkLimitTest {
    private static final Gate CI = new Gate(1, 100, 0, "ci", "make");
    private static final Gate OTHER = new Gate(2, 200, 0, "", "bash");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // it may overflow
    private final FakeTask root = FakeTask.process(100, null).gated(CI);
    private ForkLimit limit = new ForkLimit("", nanos::get);
    private LifeWatcher lives = new LifeWatcher(limit);

    private void limit(String rules) {
        limit = new ForkLimit(rules, nanos::get);
        lives = new LifeWatcher(limit);
    }

    private Verdict ask(FakeTask unborn) {
        return limit.notify(unborn.now(TaskEvent.INIT, 0));
    }

    /// Has a task fork, and wants it to be allowed.
    private FakeTask fork(FakeTask forker) {
        FakeTask unborn = forker.unborn();
        assertThat(ask(unborn)).isSameAs(Verdict.ALLOW);
        return unborn;
    }

    /// Has the root fork a task that is gone by the time when somebody looks, without a word.
    private void forkToBeLost() {
        assertThat(ask(root.unborn().freed())).isSameAs(Verdict.ALLOW);
    }

    private void wantRefusal(FakeTask forker, String reason) {
        Verdict verdict = ask(forker.unborn());
        assertThat(verdict.errno()).isEqualTo(Errno.EAGAIN);
        assertThat(verdict.reason()).isEqualTo(reason);
    }

    private void tell(FakeTask task, TaskEvent event) {
        lives.notify(task.now(event, 0));
    }

    @Test
    public void shouldCountTheRootAndRefuseOneMoreThanMayBeAlive() {
        limit("alive=3");
        FakeTask first = fork(root);
        fork(first);
        wantRefusal(root, "3 processes alive in this tree, at most 3");
        wantRefusal(first, "3 processes alive in this tree, at most 3");
    }

    @Test
    public void shouldKeepItsRulesIfTheConfigurationHasNoKeyForThem() {
        limit("alive=1");

        limit.modify(Map.of("rule", "alive=5"));
        wantRefusal(root, "1 processes alive in this tree, at most 1");

        limit.modify(Map.of("rules", ""));
        fork(root);
    }

    @Test
    public void shouldGiveBackOneSlotForOneEnd() {
        limit("alive=3");
        FakeTask first = fork(root);
        fork(root);
        tell(first, TaskEvent.CLONE);
        tell(first, TaskEvent.EXIT);
        tell(first, TaskEvent.FREE);
        fork(root);
        wantRefusal(root, "3 processes alive in this tree, at most 3");
    }

    @Test
    public void shouldGiveBackTheSlotOfAForkThatCameToNothing() {
        limit("alive=2");
        for (int i = 0; i < 100; i++) {
            tell(fork(root), TaskEvent.FREE); // another watcher has refused it, say
        }
        fork(root);
        wantRefusal(root, "2 processes alive in this tree, at most 2");
    }

    @Test
    public void shouldCountAnewWhatIsAliveWhenItIsUpdated() {
        limit("alive=3");
        FakeTask child = FakeTask.process(101, root).gated(CI);
        tell(root, TaskEvent.CLONE);
        tell(child, TaskEvent.CLONE);
        tell(child.thread(102), TaskEvent.CLONE);
        fork(child);
        wantRefusal(child, "3 processes alive in this tree, at most 3");
    }

    @Test
    public void shouldCountAProcessOfWhichItWasNotAsked() {
        limit("alive=3");
        tell(fork(root), TaskEvent.CLONE);
        tell(FakeTask.process(101, root).gated(CI), TaskEvent.CLONE);
        wantRefusal(root, "3 processes alive in this tree, at most 3");
    }

    @Test
    public void shouldNotCountThoseWhoseEndWasLost() {
        limit("alive=3");
        forkToBeLost();
        forkToBeLost();
        fork(root);
        fork(root);
        wantRefusal(root, "3 processes alive in this tree, at most 3");
    }

    @Test
    public void shouldForgetATreeWhenItsLastProcessHasEnded() {
        limit("rate=1");
        FakeTask child = fork(root);
        tell(root, TaskEvent.EXIT);
        tell(root, TaskEvent.FREE);
        assertThat(limit.trees().size()).isEqualTo(1);
        tell(child, TaskEvent.EXIT);
        assertThat(limit.trees().size()).isZero();
    }

    @Test
    public void shouldForgetATreeWhoseLastEndWasLostWhenAnotherOneComes() {
        limit("rate=1");
        forkToBeLost();
        tell(root, TaskEvent.EXIT);
        fork(FakeTask.process(200, null).gated(OTHER));
        assertThat(limit.trees().size()).isEqualTo(1);
    }

    @Test
    public void shouldLetATreeForkForOneSecondAtOnceAndThenAtTheRate() {
        limit("rate=20");
        for (int i = 0; i < 20; i++) {
            fork(root);
        }
        wantRefusal(root, "this tree has made its 20 forks a second");
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(50));
        fork(root);
        wantRefusal(root, "this tree has made its 20 forks a second");
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        for (int i = 0; i < 20; i++) {
            fork(root);
        }
        wantRefusal(root, "this tree has made its 20 forks a second");
    }

    @Test
    public void shouldLimitEachTreeByTheFirstRuleThatIsForIt() {
        limit("label=ci command=make alive=2; label=* command=bash rate=1; alive=1");
        fork(root);
        wantRefusal(root, "2 processes alive in this tree, at most 2");
        FakeTask bash = FakeTask.process(200, null).gated(OTHER);
        fork(bash);
        wantRefusal(bash, "this tree has made its 1 forks a second");
        FakeTask dash = FakeTask.process(300, null).gated(new Gate(3, 300, 0, "ci", "dash"));
        wantRefusal(dash, "1 processes alive in this tree, at most 1");
    }

    @Test
    public void shouldAllowWhatNoRuleIsForAndWhatIsInNoGate() {
        limit("label=ci alive=1 rate=1");
        FakeTask free = FakeTask.process(200, null).gated(OTHER);
        for (int i = 0; i < 1000; i++) {
            fork(free);
            fork(FakeTask.process(300, null));
        }
    }

    @Test
    public void shouldHoldTreesThatAreThereToARuleThatComesLater() {
        limit("label=none alive=1");
        fork(root);
        fork(root);
        limit.take("label=none alive=1; alive=3");
        wantRefusal(root, "3 processes alive in this tree, at most 3");
        limit.take("alive=4");
        fork(root);
    }

    @Test
    public void shouldKeepTheRulesWhenOtherOnesMakeNoSense() {
        limit("alive=1");
        for (String wrong :
                List.of("alive=2; alive=many", "alive=0", "rate=1000001", "alive", "size=2", "x")) {
            limit.take(wrong);
            wantRefusal(root, "1 processes alive in this tree, at most 1");
        }
        limit.take(" ; ");
        fork(root);
    }
}
