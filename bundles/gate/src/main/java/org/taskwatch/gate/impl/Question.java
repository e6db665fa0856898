// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.SeccompListener.Notification;
import org.taskwatch.tasks.Fork;

import java.util.concurrent.atomic.AtomicBoolean;

/// One call that waits for an answer. It gets one, whatever fails: from the thread that asks the watchers, from the one
/// that answers in the place of a late one, or because asking has failed. The first of them answers.
final class Question {
    private static final int NO_ANSWER = -1;

    private final GatedTree tree;
    private final Notification call;
    private final long nanos;
    private final long flags;
    private final AtomicBoolean isAnswered = new AtomicBoolean();

    // Both are written before watchers are asked, and read by who answers.
    private volatile Count kind = Count.UNASKED;
    private volatile @Nullable Fork fork;

    /// Makes it of a call.
    ///
    /// @param nanos when the call was received, by [System#nanoTime]
    Question(GatedTree tree, Notification call, long nanos) {
        this.tree = tree;
        this.call = call;
        this.nanos = nanos;
        flags = ForkCall.flags(call);
    }

    /// Finds the answer. If watchers are asked, this returns when they have let the thread go; the question may be
    /// answered long before.
    void decide() {
        try {
            if (tree.isAsked(flags)) {
                ask();
            } else {
                answer(Decision.ALLOWED);
            }
        } catch (RuntimeException | Error e) {
            tree.fault("deciding", e);
        }
        answer(new Decision(tree.fallback(), "", false)); // does nothing unless that has failed
    }

    private void ask() {
        Fork repeated = tree.retries().repeated(call, flags, nanos);
        if (repeated != null) {
            kind = Count.REPEATED;
            fork = repeated;
            answer(Decision.ALLOWED);
            return;
        }
        kind = Count.ASKED;
        tree.counts().add(Count.ASKED);
        Fork begun = tree.begin(call.tid(), flags, nanos);
        fork = begun;
        tree.ask(begun.init(), this::answer);
    }

    private void answer(Decision decision) {
        if (!isAnswered.compareAndSet(false, true)) {
            return;
        }
        Ending ending = tell(decision);
        if (ending != null && decision.isLate()) {
            // Here it is the thread that looks after all deadlines, and watchers are told of the
            // end.
            tree.elsewhere(() -> conclude(ending));
        } else {
            conclude(ending);
        }
    }

    /// That nothing comes of the fork.
    private record Ending(int errno, String cause) {}

    /// {@return what to tell watchers, null if nothing}
    private @Nullable Ending tell(Decision decision) {
        try {
            Errno errno = decision.verdict().errno();
            boolean isThere = errno == null ? allow() : refuse(errno);
            count(decision, isThere);
            if (!isThere) {
                return new Ending(NO_ANSWER, "interrupted: who forks was killed");
            }
            return errno == null ? null : new Ending(errno.number(), cause(decision));
        } catch (LinuxException | RuntimeException | Error e) {
            tree.fault("answering", e);
            return new Ending(NO_ANSWER, "the answer has failed");
        }
    }

    private void conclude(@Nullable Ending ending) {
        Fork ended = fork;
        try {
            if (ending != null && ended != null) {
                tree.guarded(
                        "telling that a fork has ended",
                        () -> ended.ended(ending.errno, ending.cause));
            }
        } finally {
            tree.answered();
        }
    }

    /// The child may be there as soon as the kernel is told.
    private boolean allow() throws LinuxException {
        Fork allowed = fork;
        if (allowed != null) {
            tree.guarded("telling that a fork is allowed", allowed::allowed);
            tree.retries().allowed(call, flags, allowed, System.nanoTime());
        }
        return tree.listener().proceed(call.id());
    }

    private boolean refuse(Errno errno) throws LinuxException {
        return tree.listener().refuse(call.id(), errno.number());
    }

    private static String cause(Decision decision) {
        Verdict verdict = decision.verdict();
        if (decision.watcher().isEmpty()) {
            return decision.isLate()
                    ? "refused: nobody has answered in time"
                    : "refused: asking has failed";
        } else if (decision.isLate()) {
            return "refused, as " + decision.watcher() + " was late";
        }
        String by = "refused by " + decision.watcher();
        return verdict.reason().isEmpty() ? by : by + ": " + verdict.reason();
    }

    private void count(Decision decision, boolean isThere) {
        Counts counts = tree.counts();
        if (kind != Count.ASKED) {
            counts.add(kind);
            return;
        }
        Count answer = decision.verdict().isRefusal() ? Count.REFUSED : Count.ALLOWED;
        counts.add(isThere ? answer : Count.INTERRUPTED);
        if (decision.isLate()) {
            counts.add(Count.LATE);
        }
        tree.took(System.nanoTime() - nanos);
    }
}
