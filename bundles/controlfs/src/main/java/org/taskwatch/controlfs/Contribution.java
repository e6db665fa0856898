// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import org.taskwatch.api.Errno;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.file.OpenFile;
import org.taskwatch.api.spi.Uncaught;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// A file that a bundle contributes: the one way into the bundle. Every call of it goes through
/// [#call], and none begins after [#leave].
final class Contribution {
    private static final System.Logger LOG = System.getLogger(Contribution.class.getName());

    /// The most that a user other than root may have open of one file, and all of them together.
    private static final int MAX_OPEN = 1024;

    private static final int ALL_OPEN = 4 * MAX_OPEN;

    private final long id;
    private final String path;
    private final int mode;
    private final ControlFile file;
    private final FileThreads threads;
    private final CallsInside calls;

    /// The open handles. The thread that takes one out closes it.
    private final Set<Handle> handles = ConcurrentHashMap.newKeySet();

    /// Whose they are.
    private final Quota owners = new Quota(Quota.ROOT, MAX_OPEN, ALL_OPEN);

    /// Whether an unexpected exception was logged: one line is enough.
    private final AtomicBoolean failed = new AtomicBoolean();

    // Written by any thread that has read the file; a stat(2) may see only one of them: no harm.
    private volatile long size;
    private volatile Instant changed = Instant.now();

    Contribution(long id, String path, int mode, ControlFile file) {
        this.id = id;
        this.path = path;
        this.mode = mode;
        this.file = file;
        this.threads = new FileThreads(path);
        this.calls = new CallsInside(path);
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
    /// @param call makes the work interruptible; not begun
    /// @param work what to do there
    /// @return the result
    /// @throws FileException ENODEV if the file has gone, even during the call; EINTR if the call
    ///     was interrupted, EIO if the bundle has thrown what it may not, else what it has thrown
    <T> T call(Call call, Work<T> work) throws FileException {
        if (!calls.enter(call)) {
            throw gone();
        }
        try {
            return work.run();
        } catch (InterruptedException e) {
            throw calls.isShut() ? gone() : new FileException(Errno.EINTR, path + ": interrupted");
        } catch (RuntimeException | Error e) {
            throw failure(e);
        } finally {
            calls.exit(call);
        }
    }

    /// Opens the file, once all that was closed before is closed in the bundle. Within a [#call].
    ///
    /// A client that closes the file and opens it again must find nothing of its own left in the bundle:
    /// the kernel sends the RELEASE before the OPEN, but each is done on a thread of its own.
    ///
    /// @throws FileException ENFILE if the client's user has too many open, ENODEV if the file has gone
    ///     meanwhile
    /// @throws InterruptedException if it is interrupted while it waits for a close
    Handle open(long number, Client client) throws FileException, InterruptedException {
        threads.awaitClosed();
        if (!owners.enter(client.uid())) {
            throw new FileException(Errno.ENFILE, path + ": user " + client.uid());
        }
        Handle handle = opened(number, client);
        handles.add(handle);
        if (calls.isShut()) { // and who leaves may have closed what it has found, without this
            close(handle);
            throw gone();
        }
        return handle;
    }

    private Handle opened(long number, Client client) throws FileException {
        boolean isOpen = false;
        try {
            Handle handle = handle(number, file.open(client), client);
            isOpen = true;
            return handle;
        } finally {
            if (!isOpen) {
                owners.exit(client.uid());
            }
        }
    }

    private Handle handle(long number, OpenFile opened, Client client) {
        try {
            return new Handle(number, this, opened, opened.isStream(), client.uid());
        } catch (RuntimeException | Error e) {
            opened.close(); // without a handle nobody else could
            throw e;
        }
    }

    /// Has an open file closed, unless that was done, on a thread for closing: the bundle may hang.
    void close(Handle handle) {
        Call call = new Call("close", 0, _ -> {});
        calls.add(call); // first: so who leaves sees the handle or the call, and waits
        if (!handles.remove(handle)) {
            calls.remove(call);
            return;
        }
        owners.exit(handle.uid());
        threads.close(() -> {
            call.begin();
            try {
                handle.file().close();
            } catch (RuntimeException | Error e) {
                FileException _ = failure(e);
            } finally {
                calls.exit(call);
            }
        });
    }

    /// Lets no call in any more, waits until those inside have left, and closes the open handles.
    ///
    /// @param deadline how long it waits at most; zero waits for ever
    void leave(Duration deadline) {
        long start = System.nanoTime();
        calls.shut();
        calls.await(start, deadline);
        for (Handle handle : handles) {
            close(handle);
            handle.wake();
        }
        calls.await(start, deadline);
        threads.end();
    }

    private FileException gone() {
        return new FileException(Errno.ENODEV, path + ": its bundle has gone");
    }

    private FileException failure(Throwable e) {
        if (e instanceof VirtualMachineError) {
            Uncaught.handle(e);
        }
        if (!failed.getAndSet(true)) {
            LOG.log(Level.WARNING, "file " + path + ": its bundle has failed (told once)", e);
        }
        return new FileException(Errno.EIO, path + ": " + e);
    }
}
