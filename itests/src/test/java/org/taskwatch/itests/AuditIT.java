// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The trail that the fragment `audit` writes, as Debian's own tools read it, and the command that checks it.
public class AuditIT extends DistributionFixture {
    private static final String NOBODY = "65534";

    /// As `ausearch` takes times.
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("MM/dd/yy").withZone(ZoneId.systemDefault());

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    private Path trail() {
        return taskwatch.base().resolve("log/audit.log");
    }

    private void link() throws IOException {
        Path link = Files.createDirectories(taskwatch.base().resolve("link"));
        try (Stream<Path> jars = Files.list(Instance.distribution().resolve("optional"))) {
            Path jar = jars.filter(f -> f.toString().contains(".audit-")).findFirst().orElseThrow();
            Files.copy(jar, link.resolve(jar.getFileName()));
        }
    }

    /// {@return a program that no other process of the machine runs}
    private Path program() throws IOException {
        Path program = folder.path().resolve("audited");
        Files.copy(Path.of("/bin/true"), program, StandardCopyOption.COPY_ATTRIBUTES);
        Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwxr-xr-x"));
        return program;
    }

    private static void execute(String... words) throws Exception {
        assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
    }

    /// Waits until the trail has all that happened before.
    private void awaitTold() throws Exception {
        long pid = folder.runMarked();
        Pattern end = Pattern.compile("syscall=(231|94) .* pid=" + pid + " ");
        awaitThat(() -> end.matcher(Files.readString(trail())).find());
    }

    private static long count(String text, String regex) {
        return Pattern.compile(regex, Pattern.MULTILINE).matcher(text).results().count();
    }

    private String[] second(String option, Instant time) {
        return new String[] {option, DATE.format(time), TIME.format(time)};
    }

    private static String[] concat(String[]... parts) {
        List<String> all = new ArrayList<>();
        Stream.of(parts).forEach(part -> all.addAll(List.of(part)));
        return all.toArray(String[]::new);
    }

    @Test
    public void shouldBeReadByTheToolsOfLinuxAudit() throws Exception {
        Needs.root("to run a program as another user");
        Needs.program("setpriv");
        AuditTools tools = AuditTools.in(folder.path().resolve("tools"));
        link();
        taskwatch.configure("org.taskwatch.watchers.forklimit", "rules = alive=1");
        taskwatch.run().assumeSeesAll();
        awaitThat(() -> taskwatch.call("shell", "task:watchers").out().contains("ForkLimit"));
        String program = program().toString();
        Instant begin = Instant.now();
        for (int i = 0; i < 4; i++) {
            execute(program, "a b", "\"\ntype=SYSCALL", "res=no", "ä");
        }
        execute("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", program, "x");
        assertThat(forkInGate(program)).isNotZero();
        awaitTold();
        Instant end = Instant.now();

        assertExecs(tools, program, begin, end);
        assertOthers(tools, program);
    }

    /// {@return how a shell ends that may not fork} What it executes is told before it tries: the gate asks
    /// without waiting for what is observed.
    private int forkInGate(String program) throws Exception {
        Path go = folder.path().resolve("go");
        String script = "until [ -e %s ]; do :; done; /bin/true; %s".formatted(go, program);
        Running gate = taskwatch.start("gate", "--", "/bin/sh", "-c", script);
        Pattern exec =
                Pattern.compile("syscall=59 .* pid=" + gate.process().pid() + " .*comm=\"sh\"");
        awaitThat(() -> exec.matcher(Files.readString(trail())).find());
        Files.createFile(go);
        return gate.result().status();
    }

    private void assertExecs(AuditTools tools, String program, Instant begin, Instant end)
            throws IOException {
        String[] execs = {"-x", program, "-sc", "execve", "-i"};
        String all = tools.ask("ausearch", trail(), execs);
        assertThat(count(all, "^----")).isEqualTo(5);
        assertThat(count(all, "argc=5 a0=\\S+ a1=a b a2=\"\\\\012type=SYSCALL a3=res=no a4=ä"))
                .isEqualTo(4);
        assertThat(count(all, "comm=audited exe=" + program + " ")).isEqualTo(5);

        String[] times = concat(second("-ts", begin), second("-te", end));
        assertThat(tools.ask("ausearch", trail(), concat(execs, times))).isEqualTo(all);
        String[] before = second("-te", begin.minusSeconds(2));
        assertThat(tools.ask("ausearch", trail(), concat(execs, before))).isEmpty();

        String ofNobody =
                tools.ask("ausearch", trail(), concat(execs, new String[] {"-ui", NOBODY}));
        assertThat(count(ofNobody, "^----")).isEqualTo(1);
        assertThat(count(ofNobody, " a1=x ")).isEqualTo(1);
    }

    private void assertOthers(AuditTools tools, String program) throws Exception {
        assertThat(tools.ask("ausearch", trail(), "-c", "setpriv", "-sc", "setuid", "-i"))
                .contains(" a0=nobody ")
                .contains(" old=0");

        String denied = tools.ask("ausearch", trail(), "-sv", "no", "-i");
        assertThat(denied).contains("syscall=clone success=no exit=EAGAIN").contains("comm=sh");

        assertThat(count(tools.ask("aureport", trail(), "-x", "--summary"), "^10  " + program))
                .isEqualTo(1); // an exec and an exit each
        assertThat(taskwatch.call("stop").status()).isZero();
        long told =
                Pattern.compile(" msg=(audit\\S+):")
                        .matcher(Files.readString(trail()))
                        .results()
                        .map(stamp -> stamp.group(1))
                        .distinct()
                        .count();
        assertThat(tools.ask("aureport", trail(), "--summary"))
                .contains("Number of events: " + told + "\n");
        assertThat(tools.ask("ausearch", trail(), "-m", "DAEMON_START,DAEMON_END"))
                .contains("op=terminate");
    }

    @Test
    public void shouldBeIntactAfterARestartAndUntilSomebodyChangesIt() throws Exception {
        link();
        taskwatch.run().assumeSeesAll();
        awaitTold();
        assertThat(taskwatch.call("stop").status()).isZero();
        taskwatch.run();
        awaitTold();
        assertThat(taskwatch.call("stop").status()).isZero();

        Result intact = taskwatch.call("audit", "verify");
        assertThat(intact.out()).startsWith("intact: 1 files, ");
        assertThat(intact.status()).isZero();

        String text = Files.readString(trail());
        Files.writeString(trail(), text.replaceFirst(" comm=\"sh\"", " comm=\"su\""));
        Result changed = taskwatch.call("audit", "verify");
        assertThat(changed.err()).contains(trail() + ", line ").contains("this was changed");
        assertThat(changed.status()).isEqualTo(1);
    }
}
