// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Kind;
import org.taskwatch.control.MisuseException;
import org.taskwatch.control.Operands;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.process.Inheritance;
import org.taskwatch.launcher.process.StandardStreams;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.ProcessImage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `taskwatch run-labelled`
///
/// Has itself labelled, and becomes the command. Labels that an exec drops make no sense here.
public final class LabelledCommand implements Command {
    /// As env(1), timeout(1) and others that become a command.
    private static final int FAILED = 125;

    private static final String SEPARATOR = "--";

    /// Makes the command.
    public LabelledCommand() {}

    @Override
    public Declaration declaration() {
        return new Declaration(
                "run-labelled",
                "become a command that has labels",
                """
                Becomes a command that has labels, as has all that descends from it. Nothing else changes for it: it has
                the pid, terminal, limits, open files, signals, arguments and environment that a shell would give it,
                and whoever waits for it gets its status. It goes along the PATH as execvp(3) does.

                Exits with 125 if taskwatch was used wrongly, no instance runs or it refuses; 126 if the command can't be
                executed; 127 if it is not found.
                """,
                List.of(),
                new Operands(
                        "KEY=VALUE... -- COMMAND...", Kind.PROGRAM, 3, Integer.MAX_VALUE, true));
    }

    @Override
    public int failureStatus(int status) {
        return FAILED;
    }

    @Override
    public int run(Arguments arguments) throws MisuseException, IOException, LinuxException {
        List<String> operands = arguments.operands();
        int end = operands.indexOf(SEPARATOR);
        if (end < 1 || end == operands.size() - 1) {
            throw new MisuseException("expected KEY=VALUE... -- COMMAND...");
        }
        ProcessImage image = Inheritance.image(operands.size() - end - 1);
        int status = label(Base.chosenBy(arguments), operands.subList(0, end));
        if (status != 0) {
            return FAILED;
        }
        return ExecFailure.tell(operands.get(end + 1), image.become());
    }

    private static int label(Base base, List<String> labels) {
        List<String> words = new ArrayList<>();
        words.add(Commands.LABEL.name());
        words.add(Long.toString(ProcessHandle.current().pid()));
        words.addAll(labels);
        try (ControlClient client = ControlClient.connect(base)) {
            return client.execute(words, StandardStreams.output(), StandardStreams.error());
        }
    }
}
