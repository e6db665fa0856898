// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import org.taskwatch.api.Errno;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.file.OpenFile;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A file that a bundle contributes: the one way into the bundle.
///
/// Every call of the bundle goes through [#call], which counts it, and none begins after [#leave].
/// Both take the same lock for a few steps, so a call is either seen by who leaves, and waited for, or
/// is refused. The lock is never held while the bundle is called.
final class Contribution {
    private static final System.Logger LOG = System.getLogger(Contribution.class.getName());

    /// How often a wait says what for.
    private static final Duration REPORT_EVERY = Duration.ofSeconds(3);

    private final long id;
    private final String path;
    private final int mode;
    private final ControlFile file;

    /// Guarded by this.
    private final Set<Call> calls = new HashSet<>();

    /// Guarded by this. What is open.
    private final Set<Handle> handles = new HashSet<>();

    /// Guarded by this. Whether the service goes or has gone.
    private boolean gone;

    /// Guarded by this. Whether an unexpected exception was logged: one line is enough.
    private boolean failed;

    // Each written by whoever has read the file; a stat(2) that sees one of them only is no harm.
    private volatile long size;
    private volatile Instant changed = Instant.now();

    Contribution(long id, String path, int mode, ControlFile file) {
        this.id = id;
        this.path = path;
        this.mode = mode;
        this.file = file;
    }

    long id() {
        return id;
    }

    String path() {
        return path;
    }

    int mode() {
        return mode;
    }

    long size() {
        return size;
    }

    Instant changed() {
        return changed;
    }

    /// Takes note of how long the file is, as its end was read.
    void found(long length) {
        if (size != length) {
            size = length;
            changed = Instant.now();
        }
    }

    /// What is done inside the bundle.
    ///
    /// @param <T> the type of the result
    interface Work<T> {
        T run() throws FileException, InterruptedException;
    }

    /// Calls the bundle.
    ///
    /// @param <T> the type of the result
    /// @param call who can be interrupted; not begun
    /// @param work what to do there
    /// @return the result
    /// @throws FileException ENODEV if the file has gone, meanwhile too; EINTR if the call was
    ///     interrupted, EIO if the bundle has thrown what it may not, else what it has thrown
    <T> T call(Call call, Work<T> work) throws FileException {
        enter(call);
        try {
            return work.run();
        } catch (InterruptedException e) {
            throw isGone() ? gone() : new FileException(Errno.EINTR, path + ": interrupted");
        } catch (RuntimeException e) {
            throw failure(e);
        } finally {
            exit(call);
        }
    }

    /// Opens the file. Within a [#call].
    Handle open(long number, Client client) throws FileException {
        OpenFile opened = file.open(client);
        Handle handle = new Handle(number, this, opened);
        synchronized (this) {
            handles.add(handle);
        }
        return handle;
    }

    /// Closes an open file, unless that has been done. Within a [#call], or when there are none.
    void close(Handle handle) {
        synchronized (this) {
            if (!handles.remove(handle)) {
                return;
            }
        }
        try {
            handle.file().close();
        } catch (RuntimeException e) {
            FileException _ = failure(e);
        }
    }

    /// Lets nobody in any more, interrupts who is inside, waits until they have left, and closes what
    /// is open. A call by this very thread is left out: it would wait for itself.
    ///
    /// @param deadline how long it waits at most; zero waits for ever
    void leave(Duration deadline) {
        List<Call> inside;
        synchronized (this) {
            gone = true;
            inside = List.copyOf(calls);
        }
        inside.forEach(Call::interrupt);
        await(deadline);
        List<Handle> open;
        synchronized (this) {
            open = List.copyOf(handles);
        }
        for (Handle handle : open) {
            close(handle);
            handle.wake();
        }
    }

    private synchronized void await(Duration deadline) {
        long start = System.nanoTime();
        boolean interrupted = false;
        List<Call> others = others();
        while (!others.isEmpty()) {
            Duration left = deadline.minusNanos(System.nanoTime() - start);
            if (deadline.isPositive() && !left.isPositive()) {
                LOG.log(Level.ERROR, "file {0}: unloaded while inside is still {1}", path, others);
                others.forEach(call -> call.abandon(Errno.ENODEV));
                break;
            }
            Duration pause =
                    deadline.isPositive() && left.compareTo(REPORT_EVERY) < 0 ? left : REPORT_EVERY;
            try {
                wait(pause.toMillis() + 1);
            } catch (InterruptedException _) {
                interrupted = true;
            }
            others = others();
            if (!others.isEmpty()) {
                LOG.log(Level.WARNING, "file {0}: its unloading waits for {1}", path, others);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Call> others() {
        return calls.stream().filter(call -> !call.isOwn()).toList();
    }

    private synchronized void enter(Call call) throws FileException {
        if (gone) {
            throw gone();
        }
        calls.add(call);
        call.begin();
    }

    private synchronized void exit(Call call) {
        call.end();
        calls.remove(call);
        notifyAll();
    }

    private synchronized boolean isGone() {
        return gone;
    }

    private FileException gone() {
        return new FileException(Errno.ENODEV, path + ": its bundle has gone");
    }

    private FileException failure(RuntimeException e) {
        synchronized (this) {
            if (!failed) {
                failed = true;
                LOG.log(Level.WARNING, "file " + path + ": its bundle has failed (told once)", e);
            }
        }
        return new FileException(Errno.EIO, path + ": " + e);
    }
}
