// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Kind;
import org.taskwatch.control.Operands;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.process.Signals;
import org.taskwatch.launcher.process.StandardStreams;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// `taskwatch record`
public final class RecordCommand implements Command {
    /// Makes the command.
    public RecordCommand() {}

    @Override
    public Declaration declaration() {
        return new Declaration(
                "record",
                "record what the active source delivers into a file",
                """
                Writes all tasks, and then what the active source delivers and what was read of it, into a new file,
                until Ctrl-C or SIGTERM, or until a bound is reached. The source replay can play it, and people can
                read it. FILE is readable by its owner only: it has the command lines of all users. - is the standard
                output. At the end the standard error tells what there is.
                """,
                Commands.RECORD.options(),
                new Operands("FILE", Kind.FILE, 1, 1, false));
    }

    @Override
    public int run(Arguments arguments) throws IOException {
        List<String> request = RemoteCommand.words(Commands.RECORD, arguments, List.of());
        String file = arguments.operands().getFirst();
        try (ControlClient client = ControlClient.connect(Base.chosenBy(arguments));
                RecordingFile out =
                        file.equals("-")
                                ? new RecordingFile(null, StandardStreams.output())
                                : RecordingFile.create(file)) {
            try {
                return run(client, request, out);
            } finally {
                System.err.println("taskwatch: " + out.summary());
            }
        }
    }

    /// The end by a signal is the ordinary one: what has come until then is written.
    private static int run(ControlClient client, List<String> request, RecordingFile out) {
        AtomicBoolean isStopped = new AtomicBoolean();
        Runnable stop =
                () -> {
                    isStopped.set(true);
                    client.close();
                };
        try (Signals _ = Signals.handle("INT", stop);
                Signals _ = Signals.handle("TERM", stop)) {
            return client.execute(request, out, StandardStreams.error());
        } catch (Failure e) {
            if (isStopped.get() && !out.hasFailed()) {
                return 0;
            }
            throw e;
        }
    }
}
