// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.GateRequest;
import org.taskwatch.control.Kind;
import org.taskwatch.control.MisuseException;
import org.taskwatch.control.Operands;
import org.taskwatch.control.Option;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.base.InstanceLock;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.process.Inheritance;
import org.taskwatch.linux.ForkFilter;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.ProcessImage;
import org.taskwatch.linux.SeccompListener;
import org.taskwatch.linux.UnixSocket;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/// `taskwatch gate`
///
/// This thread filters itself, and becomes the command. From the filter on it must not fork: it would ask itself.
public final class GateCommand implements Command {
    /// Makes the command.
    public GateCommand() {}

    /// As env(1), timeout(1) and others that become a command: its own statuses are most likely not this one.
    private static final int FAILED = 125;

    /// How long the instance may take to say whether it holds the gate.
    private static final int ANSWER_MS = 10_000;

    private static final List<Option> OPTIONS =
            List.of(
                    new Option(
                            "late",
                            '\0',
                            "allow|refuse",
                            Kind.TEXT,
                            "what a fork is answered whose watcher is late; else what the instance"
                                    + " says"),
                    Option.flag(
                            "keep",
                            '\0',
                            "forks wait while no instance runs; else they fail with ENOSYS, for"
                                    + " ever"),
                    new Option("label", '\0', "TEXT", Kind.TEXT, "a name for watchers to go by"));

    @Override
    public Declaration declaration() {
        return new Declaration(
                "gate",
                "become a command whose forks watchers can refuse",
                """
                Becomes a command. Watchers of INIT are asked before it or any of its descendants forks, and can
                refuse that. Nothing else changes for it: it has the pid, terminal, limits, open files, signals,
                arguments and environment that a shell would give it, and whoever waits for it gets its status.
                It goes along the PATH as execvp(3) does.

                Started by anybody but root (CAP_SYS_ADMIN), no program below it gains rights by being set-uid or
                set-gid, as sudo does: the kernel wants it so (PR_SET_NO_NEW_PRIVS of prctl(2)).

                Exits with 125 if taskwatch was used wrongly, no instance runs or takes the command, or the kernel
                can't do it (Linux 5.9 can); 126 if the command can't be executed; 127 if it is not found. Nothing
                was started then, and nothing stays behind.
                """,
                OPTIONS,
                new Operands("COMMAND...", Kind.PROGRAM, 1, Integer.MAX_VALUE, true));
    }

    @Override
    public int failureStatus(int status) {
        return FAILED;
    }

    @Override
    public int run(Arguments arguments) throws MisuseException, IOException, LinuxException {
        String command = arguments.operands().getFirst();
        String request = request(arguments, command).text();
        ProcessImage image = Inheritance.image(arguments.operands().size());
        askForGate(Base.chosenBy(arguments), request);
        return ExecFailure.tell(command, image.become());
    }

    private static GateRequest request(Arguments arguments, String command) throws MisuseException {
        String late = Objects.requireNonNullElse(arguments.value("late"), "");
        if (!List.of("", "allow", "refuse").contains(late)) {
            throw new MisuseException("--late must be allow or refuse, is " + late);
        }
        try {
            return new GateRequest(
                    late,
                    arguments.has("keep"),
                    Objects.requireNonNullElse(arguments.value("label"), ""),
                    command);
        } catch (IllegalArgumentException e) {
            throw new MisuseException(String.valueOf(e.getMessage()));
        }
    }

    /// Filters this thread, and gives the instance what to answer by.
    private static void askForGate(Base base, String request) throws LinuxException {
        try (UnixSocket instance = connect(base);
                SeccompListener listener = filter()) {
            instance.send(request, listener);
            UnixSocket.Packet answer = instance.receive(ANSWER_MS);
            String refusal =
                    answer == null
                            ? "no answer has come in %d ms; see its log".formatted(ANSWER_MS)
                            : GateRequest.refusal(answer.text());
            if (refusal != null) {
                throw new Failure(
                        "the instance on %s does not take the command: %s"
                                .formatted(base.directory(), refusal));
            }
        }
    }

    private static UnixSocket connect(Base base) throws LinuxException {
        try {
            return UnixSocket.connect(GateRequest.socket(base.directory()));
        } catch (LinuxException e) {
            if (e.errno() == LinuxException.ENOENT || e.errno() == LinuxException.ECONNREFUSED) {
                throw unanswered(base);
            }
            if (e.errno() == LinuxException.EACCES) {
                throw base.denied();
            }
            throw e;
        }
    }

    private static Failure unanswered(Base base) {
        OptionalLong holder = InstanceLock.likelyHolder(base);
        return holder.isEmpty()
                ? ControlClient.none(base)
                : new Failure(
                        "the instance on %s, pid %d, takes no commands: it is starting or stopping, or its bundle org.taskwatch.gate is stopped"
                                .formatted(base.directory(), holder.getAsLong()));
    }

    private static SeccompListener filter() throws LinuxException {
        try {
            return ForkFilter.install();
        } catch (LinuxException e) {
            if (e.errno() == LinuxException.EBUSY) {
                throw new Failure(
                        e.getMessage()
                                + "; this is below a gate, or another listener, already, and the"
                                + " kernel allows one");
            }
            throw e;
        }
    }
}
