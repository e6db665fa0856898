// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import org.taskwatch.api.Errno;
import org.taskwatch.api.file.FileException;
import org.taskwatch.linux.FuseDevice;
import org.taskwatch.linux.LinuxException;

import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Takes requests out of the device and sends the answers.
///
/// One thread receives, and answers at once what only needs names. What calls a bundle runs on a
/// thread of its own: one that hangs holds up nobody else.
final class Server {
    private static final System.Logger LOG = System.getLogger(Server.class.getName());

    /// The most calls at a time: each has a thread.
    private static final int MAX_CALLS = 1024;

    private final FuseDevice device;
    private final Names names;
    private final Files files;
    private final Thread receiver =
            Thread.ofPlatform().name("taskwatch-fuse").daemon().unstarted(this::receive);
    private final ExecutorService callers =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().name("taskwatch-file-", 1).daemon().factory());

    /// The requests whose calls have not been answered, by `unique`. Put there by the receiver before
    /// it reads on, so an INTERRUPT, which comes later, finds it.
    private final Map<Long, Call> calls = new ConcurrentHashMap<>();

    /// Makes a server that does not run yet.
    ///
    /// @param device where requests come from
    /// @param names answers what needs no bundle
    /// @param files answers the rest
    Server(FuseDevice device, Names names, Files files) {
        this.device = device;
        this.names = names;
        this.files = files;
    }

    void start() {
        receiver.start();
    }

    /// Ends the file system: what is asked from then on fails with ENOTCONN.
    void stop() {
        device.end();
        boolean interrupted = false;
        while (receiver.isAlive()) { // it never waits for a bundle
            try {
                receiver.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        callers.shutdownNow();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void receive() {
        // Whatever ends it: who waits for an answer must not wait for ever.
        try (device) {
            for (ByteBuffer next = device.receive(); next != null; next = device.receive()) {
                serve(Request.of(next));
            }
        } catch (LinuxException e) {
            LOG.log(Level.ERROR, "the control file system ends", e);
        }
    }

    private void serve(Request request) {
        switch (request.opcode()) {
            case Opcode.FORGET, Opcode.BATCH_FORGET -> {} // these have no answer
            case Opcode.INTERRUPT -> interrupt(request.int64(0));
            case Opcode.OPEN, Opcode.READ, Opcode.WRITE, Opcode.IOCTL, Opcode.POLL -> call(request);
            case Opcode.RELEASE -> {
                // Answered before it is done: the kernel has few such requests on their way at a
                // time, and would keep those of all other files waiting for a bundle that hangs.
                device.send(Answers.answer(request.unique(), Answers.DONE));
                callers.execute(() -> files.release(request));
            }
            default -> answer(request, () -> names.answer(request));
        }
    }

    private void interrupt(long unique) {
        Call call = calls.get(unique);
        if (call != null) {
            call.interrupt();
        }
    }

    private void call(Request request) {
        if (calls.size() >= MAX_CALLS) {
            device.send(Answers.error(request.unique(), Errno.EAGAIN));
            return;
        }
        Call call =
                new Call(
                        "opcode %d of task %d".formatted(request.opcode(), request.client().tid()));
        calls.put(request.unique(), call);
        callers.execute(() -> {
            try {
                answer(request, () -> files.answer(request, call));
            } finally {
                calls.remove(request.unique());
            }
        });
    }

    private interface Work {
        ByteBuffer run() throws FileException;
    }

    private void answer(Request request, Work work) {
        ByteBuffer answer;
        try {
            answer = Answers.answer(request.unique(), work.run());
        } catch (FileException e) {
            LOG.log(Level.DEBUG, "a request has failed", e);
            answer = Answers.error(request.unique(), e.errno());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "answering " + request, e);
            answer = Answers.error(request.unique(), Errno.EIO);
        }
        device.send(answer);
    }
}
