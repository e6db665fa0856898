// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Operands;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.process.TerminalOutput;
import org.taskwatch.linux.proc.ProcStatus;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// `taskwatch doctor`
public final class DoctorCommand implements Command {
    private static final Path PROC = Path.of("/proc");

    /// Makes the command.
    public DoctorCommand() {}

    @Override
    public Declaration declaration() {
        return new Declaration(
                "doctor",
                "tell what this machine lets an instance do",
                """
                Tells what this machine, this user and the base let an instance do: a line for each topic, which
                says what to do if it is not ok. No instance needs to run. It opens and closes what an instance
                would, and changes nothing.

                Exits with 0 if an instance can watch here, with whatever source, else with 1.
                """,
                List.of(),
                Operands.NONE);
    }

    @Override
    public int run(Arguments arguments) throws IOException {
        Sheet sheet = new Sheet(TerminalOutput.STANDARD.style());
        Examination examination = new Examination();
        for (Topic topic : topics(Base.chosenBy(arguments))) {
            System.out.print(sheet.line(topic.name(), examination.of(topic)));
        }
        System.out.println(examination.conclusion());
        return examination.canWatch() ? 0 : Failure.FAILED;
    }

    /// {@return what is looked at, the best source before the others}
    private static List<Topic> topics(Base base) throws IOException {
        Path process = PROC.resolve("self");
        ProcStatus self = ProcStatus.parse(Files.readAllBytes(process.resolve("status")));
        KernelVersion version = KernelVersion.running();
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "/usr/bin:/bin");
        return List.of(
                new KernelTopic(version, System.getProperty("os.arch")),
                new UserTopic(self, version),
                new NamespaceTopic(process.resolve("ns")),
                new EbpfTopic(Path.of("/sys/kernel/security/lockdown"), process.resolve("ns")),
                new ConnectorTopic(),
                new ProcfsTopic(PROC),
                new FuseTopic(Path.of("/dev/fuse"), self, path),
                new GateTopic(),
                new LimitsTopic(process.resolve("limits"), version, self),
                new JdkTopic(ModuleFinder.ofSystem()),
                new BaseTopic(base),
                new InstanceTopic(base),
                new MountTopic(base, process.resolve("mountinfo")),
                new SpaceTopic(base));
    }
}
