// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.launcher.failure.ErrorHandler;
import org.taskwatch.launcher.failure.Failure;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// One file of the deploy folder: what it is like, what has been done about it and what is still to
/// do. Used by the deployer's thread only; work is handed to a thread of its own, and its outcome
/// fetched from there.
final class DeployedFile {
    private static final System.Logger LOG = System.getLogger(Deployer.class.getName());

    /// How long a file must have stayed the same to be taken.
    private static final long SETTLED_MS = 60;

    /// How long a file that is no jar must stay so until it is believed to be none: a copy
    /// may pause.
    private static final long HOPELESS_MS = 2000;

    /// How long a bundle waits for others that it depends on before the user is told.
    private static final long PATIENCE_MS = 1000;

    private final Path path;
    private final FileKind kind;
    private final DeployedBundle bundle;

    /// How the file was at the last look, null if it was not there, and since when.
    private @Nullable Stamp seen;

    private long seenAt = System.nanoTime();

    /// The file whose content was deployed, or tried to be, last; null if none is.
    private @Nullable Stamp applied;

    private @Nullable CompletableFuture<DeployedBundle.Outcome> work;

    /// What the last work failed with, null if it did not.
    private @Nullable BundleFailure failure;

    private long failedAt;

    /// The failure that the user has been told of.
    private @Nullable BundleFailure told;

    /// The count of bundle changes when the last work began to need other bundles.
    private long changesTried;

    DeployedFile(Path path, FileKind kind, DeployedBundle bundle) {
        this.path = path;
        this.kind = kind;
        this.bundle = bundle;
    }

    String name() {
        return String.valueOf(path.getFileName());
    }

    boolean busy() {
        return work != null;
    }

    /// {@return whether nothing is left that needs to be remembered}
    boolean forgettable() {
        return seen == null && applied == null && work == null;
    }

    /// Begins what the present state of the file asks for.
    ///
    /// @param changes the count of bundle changes
    /// @param mayBegin whether work may begin
    /// @return whether all is done
    boolean look(long changes, boolean mayBegin) {
        Stamp now = Stamp.of(path);
        if (!Objects.equals(now, seen)) {
            seen = now;
            seenAt = System.nanoTime();
            if (now != null) {
                kind.announce();
            }
        }
        if (work != null && !work.isDone()) {
            return false;
        }
        if (work != null) {
            finish(work.join());
            work = null;
        }
        if (!Objects.equals(seen, applied)) {
            return mayBegin && !apply(changes);
        }
        if (mayBegin && changes != changesTried && bundle.mayResolveNow(failure)) {
            begin(changes, () -> bundle.retry(path));
            return false;
        }
        return failure == null || failure == told;
    }

    /// {@return whether work is left}
    private boolean apply(long changes) {
        if (seen == null) {
            begin(changes, bundle::undeploy);
        } else if (!unchangedFor(SETTLED_MS) && !seen.isOlderThan(HOPELESS_MS)) {
            return true;
        } else if (seen.obstacle() != null) {
            fail(new BundleFailure(BundleFailure.Kind.OWN, seen.obstacle()));
        } else if (!kind.isComplete(path)) {
            if (mayGrow(seen)) {
                return true;
            }
            fail(new BundleFailure(BundleFailure.Kind.OWN, "it is no jar, or only a part of one"));
        } else {
            begin(changes, () -> bundle.deploy(path));
            return true;
        }
        applied = seen;
        return true;
    }

    /// {@return whether a file may be written still}
    private boolean mayGrow(Stamp stamp) {
        return !unchangedFor(HOPELESS_MS) && !stamp.isOlderThan(HOPELESS_MS);
    }

    private boolean unchangedFor(long ms) {
        return System.nanoTime() - seenAt >= TimeUnit.MILLISECONDS.toNanos(ms);
    }

    private void begin(long changes, Supplier<DeployedBundle.Outcome> operation) {
        CompletableFuture<DeployedBundle.Outcome> result = new CompletableFuture<>();
        // If the system has no thread left, nothing has begun, and the next look tries again.
        Thread.ofPlatform()
                .name("taskwatch-deploy " + name())
                .daemon()
                .start(() -> result.complete(outcome(changes, operation)));
        work = result;
        applied = seen;
    }

    /// Whatever a bundle throws is its own fault, and reported as such.
    private static DeployedBundle.Outcome outcome(
            long changes, Supplier<DeployedBundle.Outcome> operation) {
        try {
            return operation.get();
        } catch (RuntimeException | Error e) {
            if (e instanceof VirtualMachineError) {
                ErrorHandler.handle(e);
            }
            return new DeployedBundle.Outcome(
                    null, new BundleFailure(BundleFailure.Kind.OWN, Failure.reason(e)), changes);
        }
    }

    private void finish(DeployedBundle.Outcome outcome) {
        changesTried = outcome.changes();
        if (outcome.done() != null) {
            LOG.log(Level.INFO, name() + ": " + outcome.done());
        }
        if (outcome.failure() == null) {
            failure = null;
            told = null;
            kind.tell(path, null);
        } else if (Objects.equals(seen, applied)) {
            fail(outcome.failure());
        } // else it was read while it changed: what it is now will be deployed, or told
    }

    private void fail(BundleFailure reason) {
        failure = reason.equals(told) ? told : reason;
        failedAt = System.nanoTime();
    }

    /// Tells of a failure, once; of one that other bundles may cure, when there are none to come.
    ///
    /// @param quiet whether no other bundle is being worked on
    void tell(boolean quiet) {
        BundleFailure reason = failure;
        if (reason == null || reason == told) {
            return;
        }
        long waited = System.nanoTime() - failedAt;
        boolean isFinal =
                switch (reason.kind()) {
                    case OWN -> true;
                    case OTHERS -> quiet || waited > TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
                    case UNFINISHED -> seen == null || !mayGrow(seen);
                };
        if (isFinal) {
            String text = name() + ": " + reason.with(bundle.whatGoesOn());
            LOG.log(Level.WARNING, text);
            kind.tell(path, text);
            told = reason;
        }
    }
}
