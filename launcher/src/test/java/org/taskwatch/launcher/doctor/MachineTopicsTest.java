// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.linux.proc.ProcStatus;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// What is found of machines, users and kernels that are not those of the test.
public class MachineTopicsTest {
    private static final KernelVersion OLD = KernelVersion.of("5.10.0-33-amd64");
    private static final KernelVersion NEW = KernelVersion.of("6.12.57+deb13");

    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private static ProcStatus process(int uid, String capabilities) {
        String text =
                "Name:\tx\nUid:\t%1$d\t%1$d\t%1$d\t%1$d\nCapEff:\t%2$s\n"
                        .formatted(uid, capabilities);
        return ProcStatus.parse(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ProcStatus root() {
        return process(0, "000001ffffffffff");
    }

    private static ProcStatus user() {
        return process(1000, "0000000000000000");
    }

    private static void assertSays(Finding finding, Finding.Level level, String... words) {
        assertThat(finding.level()).as(finding.text()).isEqualTo(level);
        assertThat(finding.text()).contains(words).doesNotContain("\n");
    }

    private Path file(String name, String text) throws IOException {
        Path file = temporary.getRoot().toPath().resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    public void shouldCompareVersionsByNumbers() {
        assertThat(OLD.isAtLeast(5, 10)).isTrue();
        assertThat(OLD.isAtLeast(5, 11)).isFalse();
        assertThat(OLD.isAtLeast(4, 19)).isTrue();
        assertThat(NEW.isAtLeast(6, 6)).isTrue();
        assertThat(KernelVersion.of("x").isAtLeast(1, 0)).isFalse();
    }

    @Test
    public void shouldWarnOfKernelsThatWereNotTried() throws Exception {
        assertSays(new KernelTopic(NEW, "amd64").examine(), Finding.Level.OK, "6.12.57+deb13");
        assertSays(
                new KernelTopic(KernelVersion.of("5.9.1"), "amd64").examine(),
                Finding.Level.WARN,
                "use 5.10 or later");
        assertSays(new KernelTopic(NEW, "aarch64").examine(), Finding.Level.WARN, "was not tried");
    }

    @Test
    public void shouldNameTheCapabilitiesThatAreMissing() {
        assertSays(new UserTopic(root(), OLD).examine(), Finding.Level.OK, "root, with all");
        assertSays(
                new UserTopic(user(), NEW).examine(),
                Finding.Level.WARN,
                "uid 1000, without CAP_BPF (source ebpf), CAP_PERFMON",
                "become root, or have");
        // 21, CAP_SYS_ADMIN, stands for CAP_BPF and CAP_PERFMON
        assertThat(new UserTopic(process(0, "0000000000200000"), NEW).examine().text())
                .startsWith("root, without CAP_NET_ADMIN")
                .doesNotContain("CAP_SYS_ADMIN", "CAP_SYS_RESOURCE", "become root");
        assertSays(new UserTopic(user(), OLD).examine(), Finding.Level.WARN, "CAP_SYS_RESOURCE");
    }

    @Test
    public void shouldWarnInNamespacesOfAContainer() throws Exception {
        Path folder = temporary.getRoot().toPath();
        Files.createSymbolicLink(folder.resolve("pid"), Path.of("pid:[4026531836]"));
        Path user = Files.createSymbolicLink(folder.resolve("user"), Path.of("user:[4026531837]"));
        assertSays(new NamespaceTopic(folder).examine(), Finding.Level.OK, "no container");

        Files.delete(user);
        Files.createSymbolicLink(user, Path.of("user:[4026532001]"));
        assertSays(
                new NamespaceTopic(folder).examine(),
                Finding.Level.WARN,
                "not the first user namespace",
                "--userns=host");
    }

    @Test
    public void shouldNotAdviseProgramsInTheKernelWhereItsPidsAreOthers() throws Exception {
        Path folder = temporary.getRoot().toPath();
        Files.createSymbolicLink(folder.resolve("pid"), Path.of("pid:[4026532002]"));
        assertSays(
                new EbpfTopic(folder.resolve("lockdown"), folder).examine(),
                Finding.Level.NO,
                "not the first pid namespace",
                "--pid=host");
    }

    @Test
    public void shouldSeeWhetherProcIsThereAndShowsAll() throws Exception {
        Path proc = temporary.getRoot().toPath().resolve("proc");
        assertSays(new ProcfsTopic(proc).examine(), Finding.Level.NO, "mount -t proc proc " + proc);

        file("proc/self/stat", "");
        assertSays(new ProcfsTopic(proc).examine(), Finding.Level.WARN, "hidepid");

        file("proc/1/stat", "");
        assertSays(new ProcfsTopic(proc).examine(), Finding.Level.OK, "all users");
    }

    @Test
    public void shouldSayHowTheControlFilesAreMounted() throws Exception {
        Path folder = temporary.getRoot().toPath();
        Path device = folder.resolve("fuse");
        String path = "/nowhere:" + folder.resolve("bin");
        assertSays(
                new FuseTopic(device, root(), path).examine(), Finding.Level.NO, "modprobe fuse");

        file("fuse", "");
        assertSays(
                new FuseTopic(device, root(), path).examine(), Finding.Level.OK, "CAP_SYS_ADMIN");
        assertSays(
                new FuseTopic(device, user(), path).examine(),
                Finding.Level.NO,
                "install the package fuse3");

        assertThat(file("bin/fusermount3", "").toFile().setExecutable(true)).isTrue();
        assertSays(
                new FuseTopic(device, user(), path).examine(),
                Finding.Level.OK,
                "fusermount3 is there");
    }

    @Test
    public void shouldWarnOfLimitsThatAreInTheWay() throws Exception {
        String text =
                """
                Limit                     Soft Limit           Hard Limit           Units
                Max open files            1024                 %s                 files
                Max locked memory         65536                %s                bytes
                """;
        Path few = file("few", text.formatted("1255", "65536"));
        Path enough = file("enough", text.formatted("1256", "65536"));
        Path none = file("none", text.formatted("unlimited", "unlimited"));

        assertSays(
                new LimitsTopic(few, NEW, user()).examine(),
                Finding.Level.WARN,
                "1255 open files; raise them to 1256");
        assertSays(new LimitsTopic(enough, NEW, user()).examine(), Finding.Level.OK, "1256 open");
        assertSays(
                new LimitsTopic(enough, OLD, user()).examine(),
                Finding.Level.WARN,
                "65536 bytes of locked memory");
        assertSays(new LimitsTopic(enough, OLD, root()).examine(), Finding.Level.OK, "1256");
        assertSays(new LimitsTopic(none, OLD, user()).examine(), Finding.Level.OK, "unlimited");
    }

    @Test
    public void shouldTellAJreFromAJdk() {
        assertSays(new JdkTopic(ModuleFinder.ofSystem()).examine(), Finding.Level.OK, "a JDK");
        assertSays(
                new JdkTopic(ModuleFinder.of()).examine(),
                Finding.Level.WARN,
                "without a compiler");
    }
}
