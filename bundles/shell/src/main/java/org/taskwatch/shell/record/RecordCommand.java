// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.apache.felix.service.command.annotations.GogoCommand;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.taskwatch.api.Capture;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.shell.CommandException;
import org.taskwatch.shell.DeclaredCommand;
import org.taskwatch.shell.ExitStatus;
import org.taskwatch.shell.stream.CtrlC;
import org.taskwatch.shell.stream.StreamMemory;
import org.taskwatch.tasks.Recorder;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The command that prints a recording, until a bound is reached, the reader is gone or the thread is
/// interrupted.
@Component(service = DeclaredCommand.class)
@GogoCommand(scope = "task", function = "record")
public final class RecordCommand implements DeclaredCommand {
    private static final long DEFAULT_SIZE = 256L << 20;
    private static final long QUEUE_BYTES = 16L << 20;

    private final BundleContext context;
    private final StreamMemory memory = new StreamMemory(2 * QUEUE_BYTES);

    @GuardedBy("this")
    private @Nullable Recorder recorder;

    /// Those that go on.
    @GuardedBy("this")
    private final Set<RecordingQueue> open = new HashSet<>();

    /// Makes the command.
    ///
    /// @param context registers watchers
    @Activate
    public RecordCommand(BundleContext context) {
        this.context = context;
    }

    /// Takes the recorder, which comes and goes with the table.
    ///
    /// @param there the recorder
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public synchronized void setRecorder(Recorder there) {
        recorder = there;
    }

    /// Ends all recordings: the recorder has gone.
    ///
    /// @param gone the recorder
    public synchronized void unsetRecorder(Recorder gone) {
        if (recorder == gone) {
            recorder = null;
        }
        endAll();
    }

    /// Ends all recordings.
    @Deactivate
    public synchronized void endAll() {
        open.forEach(RecordingQueue::end);
    }

    @Override
    public Declaration declaration() {
        return Commands.RECORD;
    }

    @Override
    public @Nullable ExitStatus run(Call call) throws CommandException {
        Set<Capture> captures =
                call.arguments().set("capture", Capture.class, EnumSet.noneOf(Capture.class));
        RecordingQueue queue = new RecordingQueue(QUEUE_BYTES, memory);
        // First what is wanted, so that all of it is recorded of the tasks that are there.
        try (queue;
                Wanted _ = Wanted.of(context, captures);
                Recorder.Recording _ = begin(call, queue);
                CtrlC ctrlC = new CtrlC(call.session(), queue::close)) {
            if (!print(call, queue) && !ctrlC.isPressed()) {
                throw call.failed(
                        "the recording has ended, as the bundle tasks or shell was stopped or"
                                + " updated; what was written until then is whole");
            }
        } catch (InterruptedException e) {
            // The client is gone: an ordinary end. The thread belongs to this command alone.
        } finally {
            forget(queue);
        }
        return null;
    }

    private Recorder.Recording begin(Call call, RecordingQueue queue) throws CommandException {
        Recorder there = keep(queue);
        if (there == null) {
            throw call.failed("nothing can be recorded: the bundle tasks is not started");
        }
        return there.begin(queue);
    }

    private synchronized @Nullable Recorder keep(RecordingQueue queue) {
        open.add(queue);
        return recorder;
    }

    private synchronized void forget(RecordingQueue queue) {
        open.remove(queue);
    }

    /// {@return false if the recording was ended before a bound was reached}
    private static boolean print(Call call, RecordingQueue queue) throws InterruptedException {
        long size = call.arguments().bytes("size", DEFAULT_SIZE);
        long seconds = call.arguments().number("seconds", Long.MAX_VALUE);
        RecordingPrinter printer = new RecordingPrinter(queue, System.out, size);
        return switch (printer.print(TimeUnit.SECONDS.toNanos(seconds))) {
            case TIME, READER -> true;
            case SIZE -> {
                System.err.printf(
                        "%s: the bound of %d bytes is reached; --size sets another%n",
                        call.name(), size);
                yield true;
            }
            case QUEUE -> false;
        };
    }
}
