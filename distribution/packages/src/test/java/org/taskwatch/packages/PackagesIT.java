// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.testing.Needs;
import org.taskwatch.testing.ServiceManager;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The Debian packages in a copy of this Debian: installed, started as the unit says, upgraded and purged. The test is
/// the service manager, as none runs there.
public class PackagesIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final String BASE = "/var/lib/taskwatch";
    private static final String CONFIGURATION = "/etc/taskwatch/org.taskwatch.tasks.cfg";
    private static final Path RELEASE = Path.of(System.getProperty("taskwatch.release"));

    /// Forks again and again, and says so; ends with 9 if a fork fails. Each process takes 20 ms.
    private static final String FORKS =
            "for i in $(seq 100000); do [ ! -e /stop ] || exit 0; sleep 0.02 || exit 9; echo $i;"
                    + " done";

    private final List<Process> started = new ArrayList<>();
    private Debian debian;
    private ServiceManager manager;

    @Before
    public void begin() throws IOException {
        Needs.bpf();
        debian = Debian.copy();
        manager = ServiceManager.listen(address());
    }

    @After
    public void end() throws IOException {
        for (Process process : started) {
            process.destroy();
            process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
            process.destroyForcibly().onExit().join();
        }
        if (manager != null) {
            manager.close();
        }
        if (debian != null) {
            debian.close();
        }
    }

    /// In the abstract namespace, which the copy shares with this machine.
    private static String address() {
        return "@taskwatch-packages-" + ProcessHandle.current().pid();
    }

    @Test
    public void shouldBeInstalledAndUpgradedAndPurged() throws Exception {
        install(packages());
        assertInstalled();
        Process service = start();
        assertServesRoot();

        Process gated = gate();
        change(CONFIGURATION, "details.total = 33554432");
        install(List.of(newerPackage()));
        assertThat(service.onExit().get(20, TimeUnit.SECONDS).exitValue()).isEqualTo(143);
        assertThat(manager.lines()).contains("STOPPING=1");
        assertThat(Files.readString(debian.file(CONFIGURATION))).contains("33554432");
        assertWaits(gated);
        start();
        assertGoesOn(gated);
        Files.createFile(debian.file("/stop"));
        assertThat(gated.onExit().get(60, TimeUnit.SECONDS).exitValue()).isZero();

        run("dpkg", "--purge", "taskwatch", "taskwatch-runtime");
        assertThat(manager.lines()).filteredOn("STOPPING=1"::equals).hasSize(2);
        assertNothingLeft();
    }

    private void run(String... words) throws IOException {
        Debian.Result result = debian.run(words);
        assertThat(result.status()).as(result.out()).isZero();
    }

    private void install(List<String> packages) throws IOException {
        List<String> words =
                new ArrayList<>(List.of("dpkg", "--force-unsafe-io", "--no-triggers", "-i"));
        words.addAll(packages);
        run(words.toArray(String[]::new));
    }

    private void assertInstalled() throws IOException {
        assertThat(debian.file("/usr/bin/taskwatch")).isSymbolicLink();
        Path etc = debian.file("/etc/taskwatch");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(etc)))
                .isEqualTo("rwxr-x---");
        assertThat(debian.run("bash", "-n", "/usr/share/bash-completion/completions/taskwatch"))
                .isEqualTo(new Debian.Result(0, ""));
        assertThat(debian.run("zcat", "/usr/share/man/man1/taskwatch.1.gz").out())
                .contains(".TH TASKWATCH 1");
        assertThat(debian.run("id", "-Gn", "taskwatch").out()).isEqualTo("taskwatch");
        if (debian.run("sh", "-c", "command -v systemd-analyze").status() == 0) {
            String unit = "/usr/lib/systemd/system/taskwatch.service";
            assertThat(debian.run("systemd-analyze", "verify", "--man=no", unit))
                    .isEqualTo(new Debian.Result(0, ""));
        }
    }

    /// Starts the service, and waits until it says that it is ready and alive.
    private Process start() throws IOException {
        int before = manager.lines().size();
        Unit unit = Unit.read(debian.file("/usr/lib/systemd/system/taskwatch.service"));
        ProcessBuilder command = debian.command(unit.command());
        command.environment().put("NOTIFY_SOCKET", address());
        command.environment().put("WATCHDOG_USEC", "4000000");
        command.environment().put("TASKWATCH_OPTS", "-Dtaskwatch.log=journal");
        command.redirectErrorStream(true).redirectOutput(debian.file("/journal").toFile());
        Process service = command.start();
        started.add(service);
        await().atMost(DEADLINE)
                .until(() -> told(before).contains("WATCHDOG=1") || !service.isAlive());
        assertThat(told(before))
                .as(Files.readString(debian.file("/journal")))
                .startsWith("READY=1");
        return service;
    }

    private List<String> told(int from) {
        return manager.lines().subList(from, manager.lines().size());
    }

    /// Root needs not say which base; the instance is not root's, and yet sees everything.
    private void assertServesRoot() throws IOException {
        assertThat(debian.run("taskwatch", "status").out()).startsWith("source ebpf, ");
        assertThat(Files.readAllLines(debian.file("/journal")))
                .anyMatch(line -> line.matches("<6>INFO Pump: The table holds .*"));
        assertThat(debian.file(BASE + "/log/taskwatch.log")).doesNotExist();
        assertThat(Files.getAttribute(debian.file(BASE + "/run/control"), "unix:uid"))
                .isNotEqualTo(0);
    }

    private Process gate() throws IOException {
        Process gated =
                debian.command(List.of("taskwatch", "gate", "--keep", "--", "sh", "-c", FORKS))
                        .redirectErrorStream(true)
                        .redirectOutput(debian.file("/forks").toFile())
                        .start();
        started.add(gated);
        assertGoesOn(gated);
        return gated;
    }

    private long forks() throws IOException {
        try (Stream<String> lines = Files.lines(debian.file("/forks"))) {
            return lines.count();
        }
    }

    private void assertGoesOn(Process gated) throws IOException {
        long before = forks();
        await().atMost(DEADLINE).until(() -> forks() > before + 5 || !gated.isAlive());
        assertThat(gated.isAlive()).as(Files.readString(debian.file("/forks"))).isTrue();
    }

    private void assertWaits(Process gated) throws Exception {
        long before = forks();
        TimeUnit.MILLISECONDS.sleep(500); // for 25 forks, if it did not wait
        assertThat(forks()).isEqualTo(before);
        assertThat(gated.isAlive()).isTrue();
    }

    private void change(String file, String line) throws IOException {
        Files.writeString(debian.file(file), line + "\n");
    }

    /// Makes the same package in a later version.
    ///
    /// @return its path in the copy
    private String newerPackage() throws IOException {
        run(
                "sh",
                "-ec",
                """
                dpkg-deb -R "$1" /newer
                sed -i '/^Version:/s/$/+next/' /newer/DEBIAN/control
                dpkg-deb -Znone -b /newer /newer.deb
                rm -r /newer
                """,
                "sh",
                packages().getLast());
        return "/newer.deb";
    }

    /// {@return the paths of what is to be tested, the runtime first}
    private static List<String> packages() throws IOException {
        try (Stream<Path> files = Files.list(RELEASE)) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".deb"))
                    .sorted()
                    .toList();
        }
    }

    private void assertNothingLeft() throws IOException {
        assertThat(debian.changes())
                .filteredOn(path -> path.toString().contains("taskwatch"))
                .filteredOn(path -> Files.exists(debian.file(path + "")))
                .isEmpty();
        for (String file :
                List.of("/etc/passwd", "/etc/group", "/etc/shadow", "/var/lib/dpkg/status")) {
            assertThat(Files.readString(debian.file(file))).as(file).doesNotContain("taskwatch");
        }
    }
}
