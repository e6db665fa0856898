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

    /// The most that a user other than root may have open of one file.
    private static final int MAX_OPEN = 1024;

    private static final int ROOT = 0;

    private final long id;
    private final String path;
    private final int mode;
    private final ControlFile file;
    private final FileThreads threads;

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
        this.threads = new FileThreads(path);
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

    /// Runs something on a thread of this file.
    ///
    /// @return whether it runs: false if too many calls of this file do
    boolean run(Runnable work) {
        return threads.call(work);
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
        } catch (RuntimeException | Error e) {
            throw failure(e);
        } finally {
            exit(call);
        }
    }

    /// Opens the file. Within a [#call].
    ///
    /// @throws FileException ENFILE if the client's user has too many open, ENODEV if the file has gone
    ///     meanwhile
    Handle open(long number, Client client) throws FileException {
        if (client.uid() != ROOT && openOf(client.uid()) >= MAX_OPEN) {
            throw new FileException(Errno.ENFILE, path + ": user " + client.uid());
        }
        OpenFile opened = file.open(client);
        Handle handle = new Handle(number, this, opened, opened.isStream(), client.uid());
        synchronized (this) {
            if (!gone) {
                handles.add(handle);
                return handle;
            }
        }
        opened.close();
        throw gone();
    }

    private synchronized long openOf(int uid) {
        return handles.stream().filter(handle -> handle.uid() == uid).count();
    }

    /// Has an open file closed, unless that was done, on the thread for it: the bundle may hang.
    void close(Handle handle) {
        Call call = new Call("close", 0, _ -> {});
        synchronized (this) {
            if (!handles.remove(handle)) {
                return;
            }
            calls.add(call);
        }
        threads.close(() -> {
            call.begin();
            try {
                handle.file().close();
            } catch (RuntimeException | Error e) {
                FileException _ = failure(e);
            } finally {
                exit(call);
            }
        });
    }

    /// Lets nobody in any more, interrupts who is inside, waits until they have left, and closes what
    /// is open. A call by this very thread is left out: it would wait for itself.
    ///
    /// @param deadline how long it waits at most; zero waits for ever
    void leave(Duration deadline) {
        long start = System.nanoTime();
        List<Call> inside;
        synchronized (this) {
            gone = true;
            inside = others();
        }
        inside.forEach(Call::interrupt);
        await(start, deadline);
        List<Handle> open;
        synchronized (this) {
            open = List.copyOf(handles);
        }
        for (Handle handle : open) {
            close(handle);
            handle.wake();
        }
        await(start, deadline);
    }

    private synchronized void await(long start, Duration deadline) {
        boolean interrupted = false;
        Duration nextReport = REPORT_EVERY;
        for (List<Call> others = others(); !others.isEmpty(); others = others()) {
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            if (deadline.isPositive() && waited.compareTo(deadline) >= 0) {
                LOG.log(Level.ERROR, "file {0}: unloaded while inside is still {1}", path, others);
                others.forEach(call -> call.abandon(Errno.ENODEV));
                break;
            }
            if (waited.compareTo(nextReport) >= 0) {
                LOG.log(Level.WARNING, "file {0}: its unloading waits for {1}", path, others);
                nextReport = waited.plus(REPORT_EVERY);
            }
            Duration until =
                    deadline.isPositive() && deadline.compareTo(nextReport) < 0
                            ? deadline
                            : nextReport;
            try {
                wait(until.minus(waited).toMillis() + 1);
            } catch (InterruptedException _) {
                interrupted = true;
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

    // An error of the JVM is told each time.
    private FileException failure(Throwable e) {
        synchronized (this) {
            if (!failed || e instanceof VirtualMachineError) {
                failed = true;
                LOG.log(Level.WARNING, "file " + path + ": its bundle has failed (told once)", e);
            }
        }
        return new FileException(Errno.EIO, path + ": " + e);
    }
}
