// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import org.taskwatch.testing.Needs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The accounting of an instance that has the fragment in its folder `link`: of the children of `storm.c`, against
/// what their parent knows, as Debian's tools read it, and against what the kernel's own accounting says of them.
public class AccountingIT {
    /// What runs after the last tick before the end is counted later, or not at all.
    private static final long TICKS = 2;

    private static final int PROCESSES = 360; // as in storm.c
    private static final int BUSY = 40; // of these, for 0.03 s each

    private static final Path FOREIGN = Path.of("/var/log/account/pacct"); // where Debian has it

    private static final TempFolder FOLDER = TempFolder.create();
    private static final Instance TASKWATCH = new Instance(Instance.distribution(), FOLDER.path());
    private static final Path KERNELS = FOLDER.path().resolve("kernels");

    private static Map<Integer, Child> children = Map.of();
    private static List<Acct> all = List.of();
    private static List<Acct> records = List.of(); // of the children
    private static long storm;
    private static String refused = "";

    /// What a parent knows of its child.
    private record Child(
            int pid, int uid, int gid, int status, long micros, boolean isForked, String name) {
        static Child parse(String line) {
            String[] words = line.split(" ");
            byte[] name = HexFormat.of().parseHex(words[6]);
            return new Child(
                    Integer.parseInt(words[0]),
                    Integer.parseInt(words[1]),
                    Integer.parseInt(words[2]),
                    Integer.parseInt(words[3]),
                    Long.parseLong(words[4]),
                    words[5].equals("1"),
                    new String(name, StandardCharsets.ISO_8859_1));
        }

        String user() {
            return uid == 0 ? "root" : uid + "";
        }
    }

    @BeforeClass
    public static void runStorm() throws Exception {
        Needs.root("to become other users");
        Needs.program("setpriv");
        Needs.bpf();
        Path program =
                CProgram.compile(CProgram.source("accounting/storm.c"), FOLDER.path(), "storm");
        link();
        assumeTrue("needs the source ebpf", TASKWATCH.run().out().contains("source ebpf"));
        boolean isOthers = Files.exists(FOREIGN); // whose accounting must not be switched off
        Path kernels = isOthers ? FOLDER.path() : Files.createFile(KERNELS);
        List<String> lines;
        try {
            lines = children(new ProcessBuilder(program + "", kernels + ""));
        } finally {
            if (!isOthers) { // whatever has become of the storm
                new ProcessBuilder(program + "", "off").inheritIO().start().waitFor();
            }
        }
        refused = lines.stream().filter(line -> line.startsWith("acct ")).findFirst().orElse("");
        children =
                lines.stream()
                        .filter(line -> !line.startsWith("acct "))
                        .map(Child::parse)
                        .collect(Collectors.toMap(Child::pid, Function.identity()));
        assertThat(children).hasSize(PROCESSES);
        readAccounting();
    }

    private static void link() throws IOException {
        Path link = Files.createDirectories(TASKWATCH.base().resolve("link"));
        try (Stream<Path> jars = Files.list(Instance.distribution().resolve("optional"))) {
            Path jar =
                    jars.filter(f -> f.toString().contains(".accounting-"))
                            .findFirst()
                            .orElseThrow();
            Files.createSymbolicLink(link.resolve(jar.getFileName()), jar);
        }
    }

    private static List<String> children(ProcessBuilder command) throws Exception {
        Process process = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        storm = process.pid();
        List<String> lines = process.inputReader().lines().toList();
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    /// Stops the instance once it has written the end of the storm. What was told before is all written then.
    private static void readAccounting() throws Exception {
        Path file = TASKWATCH.base().resolve("log/pacct");
        await().atMost(Instance.DEADLINE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Acct.read(file).stream().anyMatch(record -> record.pid() == storm));
        assertThat(TASKWATCH.call("stop").status()).isZero();
        all = Acct.read(file);
        records = all.stream().filter(record -> record.parent() == storm).toList();
    }

    @AfterClass
    public static void cleanUp() {
        TASKWATCH.close();
        FOLDER.close();
    }

    private record Output(int status, String text) {
        Stream<String> lines() {
            return text.lines();
        }
    }

    private static Output run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(FOLDER.path().toFile());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.redirectErrorStream(true).start();
        byte[] out = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(command[0] + " has ended").isTrue();
        return new Output(process.exitValue(), new String(out, StandardCharsets.ISO_8859_1));
    }

    /// {@return one of the tools that Debian has for accounting files, from wherever apt gets its packages}
    private static Path tool(String name) throws Exception {
        Path root = FOLDER.path().resolve("tools");
        if (!Files.exists(root)) {
            Needs.program("apt-get");
            Needs.program("dpkg");
            Output got = run("apt-get", "-q", "-o", "APT::Sandbox::User=", "download", "acct");
            assumeTrue("needs apt to get the package acct: " + got.text(), got.status() == 0);
            run("sh", "-c", "exec dpkg -x acct_*.deb tools");
        }
        return root.resolve(name);
    }

    /// {@return what a tool says of the records of the children alone}
    private static List<String> read(String tool, String... options) throws Exception {
        Path file = FOLDER.path().resolve("children");
        try (FileChannel out =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (Acct record : records) {
                out.write(record.bytes().duplicate());
            }
        }
        List<String> command = new ArrayList<>(List.of(tool(tool) + ""));
        command.addAll(List.of(options));
        command.add(file + "");
        Output read = run(command.toArray(String[]::new));
        assertThat(read.status()).as(read.text()).isZero();
        return read.lines().toList();
    }

    @Test
    public void shouldHaveOneRecordOfEachProcess() {
        assertThat(records)
                .extracting(Acct::pid)
                .containsExactlyInAnyOrderElementsOf(children.keySet());
        for (Acct record : records) {
            Child child = child(record.pid());
            assertThat(record.name()).as("name of " + child).isEqualTo(child.name());
            assertThat(record.status()).as("status of " + child).isEqualTo(child.status());
            assertThat(record.isForked()).as("AFORK of " + child).isEqualTo(child.isForked());
            assertThat(record.isKilled())
                    .as("AXSIG of " + child)
                    .isEqualTo((child.status() & 0x7f) != 0);
            assertThat(record.uid()).as("user of " + child).isEqualTo(child.uid());
            assertThat(record.gid()).as("group of " + child).isEqualTo(child.gid());
            assertThat(record.ticks())
                    .as("ticks of " + child)
                    .isCloseTo(child.micros() / 10_000, within(TICKS));
        }
    }

    private static Child child(int pid) {
        return Objects.requireNonNull(children.get(pid));
    }

    @Test
    public void shouldShowByLastcommWhatWasRun() throws Exception {
        List<String> expected =
                children.values().stream()
                        .map(child ->
                                "%s %s%s %s %d"
                                        .formatted(
                                                child.name().replaceAll("[^ -~]", "?").strip(),
                                                child.isForked() ? "F" : "",
                                                (child.status() & 0x7f) == 0 ? "" : "X",
                                                child.user(),
                                                child.pid()))
                        .toList();
        // NAME (16), flags (5), USER, TTY, SECONDS secs DAY MONTH DATE TIME PID PPID
        List<String> shown =
                read("usr/bin/lastcomm", "--pid", "-f").stream()
                        .map(line -> {
                            String[] rest = line.substring(23).strip().split(" +");
                            return "%s %s %s %s"
                                    .formatted(
                                            line.substring(0, 16).strip(),
                                            line.substring(17, 22).replace(" ", ""),
                                            rest[0],
                                            rest[rest.length - 2]);
                        })
                        .toList();

        assertThat(shown).containsExactlyInAnyOrderElementsOf(expected);
        Path whole = TASKWATCH.base().resolve("log/pacct");
        assertThat(run(tool("usr/bin/lastcomm") + "", "-f", whole + "").lines().count())
                .isEqualTo(all.size());
    }

    @Test
    public void shouldAddUpBySaTheProcessesOfEachUserAndTheProcessorTime() throws Exception {
        Map<String, Long> processes =
                children.values().stream()
                        .collect(Collectors.groupingBy(Child::user, Collectors.counting()));
        Map<String, Long> shown =
                read("usr/sbin/sa", "-m").stream()
                        .filter(line -> !line.startsWith(" ")) // the sum of all
                        .map(line -> line.strip().split(" +"))
                        .collect(Collectors.toMap(words -> words[0], w -> Long.valueOf(w[1])));
        assertThat(shown).isEqualTo(processes);

        double seconds =
                read("usr/sbin/sa", "-u").stream()
                        .mapToDouble(line -> Double.parseDouble(line.split(" +")[1]))
                        .sum();
        double used = children.values().stream().mapToLong(Child::micros).sum() / 1e6;
        double tick = 0.01; // each of the two times of a process is cut to whole ticks
        assertThat(seconds).isCloseTo(used, within(TICKS * tick * children.size()));
        assertThat(seconds).isGreaterThan(BUSY * (0.03 - TICKS * tick));
    }

    @Test
    public void shouldSayWhatTheKernelsOwnAccountingSays() throws Exception {
        assumeTrue("needs acct(2), which says: " + refused, refused.isEmpty());
        Map<Integer, Acct> kernels =
                Acct.read(KERNELS).stream()
                        .filter(record -> record.parent() == storm)
                        .collect(Collectors.toMap(Acct::pid, Function.identity()));

        assertThat(kernels.keySet()).isEqualTo(children.keySet());
        for (Acct record : records) {
            Acct kernel = Objects.requireNonNull(kernels.get(record.pid()));
            assertThat(record)
                    .as("record of " + child(record.pid()))
                    .usingRecursiveComparison()
                    .ignoringFields("bytes", "start", "ticks")
                    .isEqualTo(kernel);
            assertThat(record.start()).isCloseTo(kernel.start(), within(1L));
            assertThat(record.ticks()).isCloseTo(kernel.ticks(), within(TICKS));
        }
    }
}
