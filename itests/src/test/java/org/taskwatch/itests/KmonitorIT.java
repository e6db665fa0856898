// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import org.junit.After;
import org.junit.ClassRule;
import org.junit.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What kmonitor tells C programs that know `/dev/kmonitor`.
public class KmonitorIT {
    @ClassRule public static final KmonitorClients CLIENTS = new KmonitorClients();

    private static final int EXEC = 0x20;
    private static final int EXIT = 0x40;
    private static final int FORK = 0x08;
    private static final int INHERIT = 0x2000_0000;
    private static final int LOST = 0x4000_0000;
    private static final Path DEVICE = Path.of("/dev/kmonitor");

    @After
    public void endPrograms() throws InterruptedException {
        CLIENTS.endPrograms();
    }

    @Test
    public void shouldServeTheProgramOfThePageByTheLinkThatTheCommandMakes() throws Exception {
        assumeTrue(DEVICE + " is in use", !Files.exists(DEVICE, LinkOption.NOFOLLOW_LINKS));
        assertThat(CLIENTS.taskwatch().call("kmonitor", "install").status()).isZero();
        try {
            KmonitorProgram page = CLIENTS.start(CLIENTS.folder().resolve("page").toString());
            List<String> lines = page.process().inputReader().lines().toList();
            assertThat(page.process().waitFor()).isZero();
            assertThat(lines).hasSize(3);
            String child = lines.getLast().replace("child ", "");
            assertThat(lines.subList(0, 2))
                    .containsExactly(
                            "code -1 event 0x20 pid %s uid 0".formatted(child),
                            "code -1 event 0x40 pid %s uid 0".formatted(child));
        } finally {
            assertThat(CLIENTS.taskwatch().call("kmonitor", "uninstall").status()).isZero();
        }
        assertThat(Files.exists(DEVICE, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    public void shouldTellForksThreadsAndADeathByASignal() throws Exception {
        KmonitorProgram monitor = CLIENTS.monitor();
        KmonitorProgram target = CLIENTS.target("life");
        assertThat(monitor.register(target.pid(), 0x7f)).isZero();
        target.go();
        String[] made = target.answer().split(" ");
        target.process().destroyForcibly().waitFor();

        assertThat(monitor.signal()).isEqualTo("0x8 " + made[0]);
        assertThat(monitor.signal()).isEqualTo("0x1 " + made[1]);
        assertThat(monitor.signal()).isEqualTo("0x4 " + made[1]);
        assertThat(monitor.signal()).isEqualTo("0x10 " + target.pid());
        assertThat(monitor.signal()).isEqualTo("0x40 " + target.pid());
        assertThat(monitor.ask("p")).isEqualTo("none");
        assertThat(Files.readString(CLIENTS.file())).doesNotContain("target " + target.pid() + " ");
    }

    @Test
    public void shouldTellTheEndOfAThreadThatIsTheTarget() throws Exception {
        KmonitorProgram monitor = CLIENTS.monitor();
        String thread = monitor.ask("t");
        assertThat(monitor.register(Integer.parseInt(thread), 0x04)).isZero();
        monitor.ask("e");
        assertThat(monitor.signal()).isEqualTo("0x4 " + thread);
        assertThat(monitor.register(Integer.parseInt(thread), 0x04)).isEqualTo(3);
    }

    @Test
    public void shouldTellTheExitOfEachThatCouldBeRegisteredWhileItExits() throws Exception {
        KmonitorProgram race =
                CLIENTS.program(List.of(), "race", CLIENTS.file().toString(), "1000");
        String[] counts = race.answer().split(" ");
        assertThat(counts[1]).as("missed").isEqualTo("0");
        assertThat(Integer.parseInt(counts[0])).as("told").isPositive();
        assertThat(race.process().waitFor()).isZero();
        assertThat(Files.readString(CLIENTS.file())).doesNotContain("target ");
    }

    @Test
    public void shouldTellNothingThatWasDeregistered() throws Exception {
        KmonitorProgram monitor = CLIENTS.monitor();
        KmonitorProgram target = CLIENTS.target("tree", "0");
        assertThat(monitor.register(target.pid(), EXIT)).isZero();
        assertThat(monitor.register(monitor.pid(), EXEC)).isZero();
        assertThat(monitor.ask("d %d %d 0".formatted(target.pid(), EXIT))).isEqualTo("0");
        assertThat(monitor.ask("d %d %d 0".formatted(target.pid(), EXIT))).isEqualTo("22");
        target.process().destroyForcibly().waitFor();

        KmonitorProgram last = CLIENTS.target("tree", "0");
        assertThat(monitor.register(last.pid(), EXIT)).isZero();
        last.process().destroyForcibly().waitFor();
        assertThat(monitor.signal()).isEqualTo("0x40 " + last.pid());
    }

    @Test
    public void shouldTellTwoMonitorsOfOneTargetEachByItsSignal() throws Exception {
        KmonitorProgram one = CLIENTS.monitor();
        KmonitorProgram two = CLIENTS.monitor();
        KmonitorProgram target = CLIENTS.target("tree", "1");
        assertThat(one.register(target.pid(), EXIT)).isZero();
        assertThat(two.register(target.pid(), FORK, 41)).isZero();
        assertThat(two.register(target.pid(), EXIT, 42)).isZero();
        target.go();
        target.process().waitFor();

        assertThat(one.signal()).isEqualTo("0x40 " + target.pid());
        assertThat(two.signal(42, 0)).startsWith("0x8 ");
        assertThat(two.signal(42, 0)).startsWith("0x8 ");
        assertThat(two.signal(42, 0)).isEqualTo("0x40 " + target.pid());
    }

    @Test
    public void shouldTellEachForkAndExitOfATreeOnceAndInOrder() throws Exception {
        KmonitorProgram monitor = CLIENTS.monitor();
        for (int round = 0; round < 5; round++) {
            KmonitorProgram tree = CLIENTS.target("tree", "6");
            assertThat(monitor.register(tree.pid(), FORK | EXIT | INHERIT)).isZero();
            tree.go();
            assertLives(monitor, tree.pid(), 126);
            assertThat(tree.process().waitFor()).isEqualTo(3);
        }
        assertThat(monitor.ask("p")).isEqualTo("none");
        assertThat(Files.readString(CLIENTS.file())).contains("monitor " + monitor.pid() + " ");
        assertThat(Files.readString(CLIENTS.file())).doesNotContain("mask 0x20000048");
    }

    private static void assertLives(KmonitorProgram monitor, long root, int forks)
            throws IOException {
        Set<String> alive = new HashSet<>(Set.of(root + ""));
        int births = 0;
        while (!alive.isEmpty()) {
            String[] signal = monitor.signal().split(" ");
            if (signal[0].equals("0x8")) {
                births++;
                assertThat(alive.add(signal[1])).as("born once").isTrue();
            } else {
                assertThat(alive.remove(signal[1])).as("died once, after its birth").isTrue();
            }
        }
        assertThat(births).isEqualTo(forks);
    }

    @Test
    public void shouldTellEachOfAHundredMonitorsOfAHundredTargets() throws Exception {
        KmonitorProgram many =
                CLIENTS.program(List.of(), "many", CLIENTS.file().toString(), "100", "100");
        assertThat(many.answer()).isEqualTo("10000");
        assertThat(
                        Files.readString(CLIENTS.file())
                                .lines()
                                .filter(line -> line.startsWith("target ")))
                .hasSize(10_000);
        many.go();
        assertThat(many.answer()).isEqualTo("10000");
        assertThat(many.process().waitFor()).isZero();
        KmonitorClients.awaitThat(() -> !Files.readString(CLIENTS.file()).contains("target "));
        CLIENTS.assertNothingIsWatched();
    }

    @Test
    public void shouldTellAMonitorWhoseQueueIsFullHowManyItHasLost() throws Exception {
        KmonitorProgram monitor = CLIENTS.monitor(KmonitorClients.as(KmonitorClients.USER));
        KmonitorProgram target =
                CLIENTS.program(List.of(KmonitorClients.as(KmonitorClients.USER)), "tree", "4");
        target.answer();
        monitor.ask("l 10");
        assertThat(monitor.register(target.pid(), FORK | EXIT | INHERIT | LOST)).isZero();
        target.go();
        KmonitorClients.awaitThat(
                () -> Files.readString(CLIENTS.file()).contains("sent 10 lost 51\n"));
        assertThat(CLIENTS.taskwatch().call("shell", "kmonitor:list").out())
                .containsPattern(monitor.pid() + " +" + KmonitorClients.USER + " +10 +51 ");

        for (int i = 0; i < 10; i++) {
            assertThat(
                            monitor.signal(
                                    KmonitorClients.SIGNAL, Integer.parseInt(KmonitorClients.USER)))
                    .startsWith("0x");
        }
        assertThat(monitor.signal()).isEqualTo("%#x 0".formatted(LOST | 51));
        assertThat(monitor.ask("p")).isEqualTo("none");
    }

    @Test
    public void shouldAnswerAsADriverWould() throws Exception {
        KmonitorProgram monitor = CLIENTS.monitor();
        int own = (int) monitor.pid();
        assertThat(monitor.register(0, EXIT)).isEqualTo(22);
        assertThat(monitor.register(own, 0x80)).isEqualTo(22);
        assertThat(monitor.register(own, EXIT, 33)).isEqualTo(22);
        assertThat(monitor.register(1 << 30, EXIT)).isEqualTo(3);
        assertThat(monitor.ask("i 0x400cde03")).isEqualTo("25");
        Process zombie = new ProcessBuilder("true").start();
        zombie.waitFor();
        KmonitorClients.awaitThat(() -> monitor.register(zombie.pid(), EXIT) == 3);
    }
}
