// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import org.taskwatch.api.Errno;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.linux.FuseDevice;
import org.taskwatch.linux.LinuxException;

import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Takes requests out of the device and sends the answers.
///
/// One thread receives, and answers at once what only needs names. Calls of a bundle run on a
/// thread of the file: one that hangs holds up nobody else.
final class Server {
    private static final System.Logger LOG = System.getLogger(Server.class.getName());

    /// How long a bundle has to end a call that was interrupted, before a client that was killed is
    /// let go.
    private static final int PATIENCE_SECONDS = 1;

    /// The most calls at a time of a user other than root and the owner, and of all of them.
    private static final int MOST_CALLS = 64;

    private static final int ALL_CALLS = 128;

    private final FuseDevice device;
    private final Lookups lookups;
    private final Files files;
    private final Thread receiver =
            Thread.ofPlatform().name("taskwatch-fuse").daemon().unstarted(this::receive);
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("taskwatch-fuse-timer").daemon().factory());

    /// The calls that have not ended, by the `unique` of their requests. Put there by the receiver
    /// before it reads on, so an INTERRUPT, which comes later, finds it.
    private final Map<Long, Call> calls = new ConcurrentHashMap<>();

    /// Who makes those calls: each has a thread, and up to 128 KiB in each direction.
    private final Quota callers;

    /// How many calls were refused, as too many were running.
    private final AtomicLong refused = new AtomicLong();

    private volatile boolean stopping;

    /// Makes a server that does not run yet.
    ///
    /// @param device where requests come from
    /// @param owner the user that the instance runs as
    /// @param lookups answers what needs no bundle
    /// @param files answers the rest
    Server(FuseDevice device, int owner, Lookups lookups, Files files) {
        this.device = device;
        this.callers = new Quota(owner, MOST_CALLS, ALL_CALLS);
        this.lookups = lookups;
        this.files = files;
    }

    void start() {
        timer.prestartCoreThread(); // it must be there when no thread can be made
        receiver.start();
    }

    /// Takes note that it is about to be unmounted on purpose.
    void expectEnd() {
        stopping = true;
    }

    /// Ends the file system: requests from then on fail with ENOTCONN.
    void stop() {
        expectEnd();
        device.end();
        boolean interrupted = false;
        while (receiver.isAlive()) { // it never waits for a bundle
            try {
                receiver.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        timer.shutdownNow();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void receive() {
        // However it ends, a client that waits for an answer must not wait for ever.
        try (device) {
            for (ByteBuffer next = device.receive(); next != null; next = device.receive()) {
                tryServe(Request.of(next));
            }
            if (!stopping) {
                LOG.log(
                        Level.WARNING,
                        "somebody has unmounted the control file system; restarting the bundle"
                                + " org.taskwatch.controlfs mounts it again");
            }
        } catch (LinuxException | RuntimeException | Error e) {
            LOG.log(Level.ERROR, "the control file system ends", e);
        }
    }

    // One request that fails, as for want of memory or threads, must not end those of all others.
    private void tryServe(Request request) {
        try {
            serve(request);
        } catch (RuntimeException | Error e) {
            Uncaught.handle(e);
        }
    }

    private void serve(Request request) {
        switch (request.opcode()) {
            case Opcode.FORGET, Opcode.BATCH_FORGET -> {} // these have no answer
            case Opcode.INTERRUPT -> interrupt(request.int64(0));
            case Opcode.OPEN, Opcode.READ, Opcode.WRITE, Opcode.IOCTL, Opcode.POLL -> call(request);
            case Opcode.RELEASE -> {
                // Answered before it is done: the kernel has few such requests under way at a time,
                // and would make those of all other files wait for a bundle that hangs.
                device.send(Answers.answer(request.unique(), Answers.DONE));
                files.release(request.int64(0));
            }
            default -> device.send(answer(request, () -> lookups.answer(request)));
        }
    }

    private void interrupt(long unique) {
        Call call = calls.get(unique);
        if (call != null) {
            call.interrupt();
            freeLater(unique, call);
        }
    }

    private void freeLater(long unique, Call call) {
        timer.schedule(() -> tryFree(unique, call), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void tryFree(long unique, Call call) {
        try {
            free(unique, call);
        } catch (RuntimeException | Error e) { // the timer would keep it to itself
            Uncaught.handle(e);
            freeLater(unique, call);
        }
    }

    /// Lets a client that was killed die, though the bundle goes on: the kernel makes it wait for
    /// the answer. A signal that does not kill ends the call only if the bundle ends it.
    private void free(long unique, Call call) {
        if (calls.containsKey(unique)) {
            if (!call.isOfDying()) {
                freeLater(unique, call);
            } else {
                call.abandon(Errno.EINTR);
            }
        }
    }

    private void call(Request request) {
        Contribution file;
        try {
            file = files.file(request);
        } catch (FileException e) {
            device.send(Answers.error(request.unique(), e.errno()));
            return;
        }
        Call call =
                new Call(
                        "opcode " + request.opcode(),
                        request.client().tid(),
                        errno -> device.send(Answers.error(request.unique(), errno)));
        calls.put(request.unique(), call);
        if (!callers.enter(request.client().uid())) {
            refuse(request, call);
        } else if (!file.run(() -> call(file, request, call))) {
            callers.exit(request.client().uid());
            refuse(request, call);
        }
    }

    private void refuse(Request request, Call call) {
        refused.incrementAndGet();
        calls.remove(request.unique());
        call.abandon(Errno.EAGAIN);
    }

    List<Counter> counters() {
        return List.of(
                new Counter("controlfs_running_calls", calls.size()),
                new Counter("controlfs_refused_calls_total", refused.get()));
    }

    private void call(Contribution file, Request request, Call call) {
        try {
            ByteBuffer answer = answer(request, () -> files.answer(file, request, call));
            if (call.takeAnswer()) {
                device.send(answer);
            } else if (request.opcode() == Opcode.OPEN) {
                files.release(Answers.handle(answer)); // nobody has got it
            }
        } catch (RuntimeException | Error e) { // not even an error could be answered
            call.abandon(Errno.EIO);
            throw e;
        } finally {
            callers.exit(request.client().uid());
            calls.remove(request.unique());
        }
    }

    private interface Work {
        ByteBuffer run() throws FileException;
    }

    private static ByteBuffer answer(Request request, Work work) {
        try {
            return Answers.answer(request.unique(), work.run());
        } catch (FileException e) {
            LOG.log(Level.DEBUG, "a request has failed", e);
            return Answers.error(request.unique(), e.errno());
        } catch (RuntimeException | Error e) {
            Uncaught.handle(e);
            return Answers.error(request.unique(), Errno.EIO);
        }
    }
}
