// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.jspecify.annotations.Nullable;
import org.junit.BeforeClass;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.BeforeParam;
import org.junit.runners.Parameterized.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What the distribution tells on kernels of Debian's releases: of lives that the script `init` lets happen in a
/// virtual machine. Each is started once.
@RunWith(Parameterized.class)
public class KernelsIT {
    private static final Path FOLDER = Path.of("target", "kernels").toAbsolutePath();
    private static final Path INITRAMFS = FOLDER.resolve("initramfs");
    private static final int PROGRAMS = 500; // as in the script

    private static final Map<String, String> RELEASES =
            Map.of("5.10", "bullseye", "6.1", "bookworm", "6.12", "trixie");

    private static Machine machine;
    private static @Nullable Report report;

    private final String version;

    /// For one kernel.
    ///
    /// @param version as `6.1`
    public KernelsIT(String version) {
        this.version = version;
    }

    /// {@return the kernels}
    @Parameters(name = "Linux {0}")
    public static List<String> versions() {
        return List.of(System.getProperty("taskwatch.kernels").split(","));
    }

    @BeforeClass
    public static void prepare() throws Exception {
        Path tools =
                new DebianRelease(DebianRelease.codename(), FOLDER.resolve("tools"))
                        .unpackWithDependencies("qemu-system-x86", "busybox-static", "bash-static");
        new Guest(FOLDER, tools).write(INITRAMFS);
        machine = new Machine(tools);
    }

    @BeforeParam
    public static void boot(String version) throws Exception {
        String name = Objects.requireNonNull(RELEASES.get(version), "no release has that Linux");
        DebianRelease release = new DebianRelease(name, FOLDER.resolve(name));
        String kernel = release.dependency("linux-image-cloud-amd64", "linux-image-");
        Path image = Machine.find(release.unpack(kernel), "vmlinuz-*");
        Path console = FOLDER.resolve(name + ".console");
        machine.run(image, INITRAMFS, console);
        report = new Report(console);
    }

    private static String text(String section) {
        return Objects.requireNonNull(report).text(section);
    }

    private static List<Told> told(String source) {
        return Told.parse(text(source));
    }

    @Test
    public void shouldRunOnTheKernelThatWasAskedFor() {
        assertThat(text("kernel")).startsWith(version + ".");
    }

    @Test
    public void shouldWatchByTheProgramsInTheKernel() {
        assertThat(text("ready")).contains(": source ebpf, ");
        assertThat(told("ebpf")).extracting(Told::source).containsOnly("ebpf");
    }

    @Test
    public void shouldTellEachOfManyProgramsWithItsArguments() {
        List<Told> many = told("ebpf").stream().filter(t -> t.is("EXEC", "c")).toList();

        assertThat(many)
                .extracting(Told::arguments)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, PROGRAMS)
                                .mapToObj(i -> "%d-%d".formatted(i % 2, i / 2))
                                .map("[\"/bin/true\",\"a\",\"b\",\"c\",\"%s\"]"::formatted)
                                .toList());
        assertThat(many).extracting(Told::exe).containsOnly("/bin/busybox");
        assertThat(many).extracting(Told::comm).containsOnly("true");
    }

    @Test
    public void shouldTellArgumentsOutOfTheOrdinary() {
        Stream<Told> executed = told("ebpf").stream().filter(t -> t.event().equals("EXEC"));

        assertThat(executed)
                .extracting(Told::arguments)
                .contains("[\"odd\",\"\\\\xff\\\\xfe\\\\x80 a\\n\\tb\",\"\",\"ä\"]")
                .contains("[\"large\",\"" + "x".repeat(8186) + "\"]") // of 128 KiB
                .contains("[\"by\",\"a thread\"]")
                .contains("[\"in memory\"]");
    }

    @Test
    public void shouldTellOnceHowAProcessHasEnded() {
        for (String source : List.of("ebpf", "connector")) {
            assertThat(told(source))
                    .filteredOn(t -> t.is("EXIT", "by-code"))
                    .extracting(Told::value)
                    .containsExactly("1792"); // exit code 7
            assertThat(told(source))
                    .filteredOn(t -> t.is("EXIT", "by-signal"))
                    .extracting(Told::value)
                    .containsExactly("9");
        }
        assertThat(told("ebpf"))
                .as("of a process whose first thread has ended before")
                .filteredOn(t -> t.is("EXIT", "leader"))
                .extracting(Told::value)
                .containsExactly("1792");
    }

    @Test
    public void shouldTellEachChangeOfIds() {
        for (String source : List.of("ebpf", "connector")) {
            assertThat(told(source))
                    .filteredOn(t -> t.event().equals("GID"))
                    .extracting(Told::uid, Told::gid, Told::value)
                    .containsExactly(tuple("0", "2345", "0"));
            assertThat(told(source))
                    .filteredOn(t -> t.event().equals("UID"))
                    .extracting(Told::uid, Told::gid, Told::value)
                    .containsExactly(tuple("1234", "2345", "0"));
        }
    }

    @Test
    public void shouldTellWhereAProcessWasAndWhatItHasUsed() {
        String place =
                "(?m)^\\{\"event\":\"EXIT\",.*\"by-code\".*\"cgroup\":\\{\"path\":\"/\"},.*"
                        + "\"namespaces\":\\{.*\"pid\":\\d+";
        assertThat(text("connector")).containsPattern(place);
        assertThat(text("ebpf"))
                .containsPattern(
                        place + ".*\"usage\":\\{\"user_ns\":\\d+,.*\"max_resident\":[1-9]\\d+,");
    }

    @Test
    public void shouldUseTheFunctionsThatThisKernelLetsItUse() {
        assertThat(text("ebpf counts"))
                .containsPattern(
                        version.equals("5.10")
                                ? "(?m)^changes of ids +proc connector \\(fentry/commit_creds: "
                                : "(?m)^changes of ids +fentry/commit_creds *$");
    }

    @Test
    public void shouldLoseNothing() {
        for (String source : List.of("ebpf", "connector")) {
            assertThat(text(source)).doesNotContain("\"event\":\"LOST\"");
            assertThat(text(source + " counts"))
                    .containsPattern("(?m)^SOURCE +ebpf +0 ")
                    .containsPattern("(?m)^SOURCE +connector +0 ")
                    .doesNotContainPattern("(?m)^(SOURCE|LANE|READER) +\\S+ +[1-9]");
        }
    }

    @Test
    public void shouldGoOnWithTheConnectorWhileEbpfIsSwitchedOff() {
        assertThat(text("connector counts")).containsPattern("(?m)^connector +ACTIVE ");
        assertThat(told("connector")).extracting(Told::source).containsOnly("connector");
        assertThat(told("connector")).anyMatch(t -> t.is("EXEC", "by-code"));
    }

    @Test
    public void shouldUseThemAgainAndHearNoComplaint() {
        assertThat(text("log"))
                .doesNotContain("can't set up BPF programs")
                .containsSubsequence("source ebpf", "source connector", "source ebpf");
        assertThat(text("complaints").strip()).isEmpty();
        assertThat(text("end")).contains("Power down");
    }
}
