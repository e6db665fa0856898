// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.instance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Test;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

public class ProcessAgeTest {
    private static final String BUILT = "taskwatch.built";

    @After
    public void restore() {
        System.clearProperty(BUILT);
    }

    @Test
    public void shouldCountFromTheStartOfTheProcess() throws Exception {
        long running = ManagementFactory.getRuntimeMXBean().getUptime(); // of the JVM
        assertThat(ProcessAge.ms()).isBetween(running - 20, running + 60_000);
    }

    @Test
    public void shouldCountFromTheEndOfABuild() throws Exception {
        long before = ProcessAge.ms();
        String now = Files.readString(Path.of("/proc/uptime")).split(" ")[0];
        System.setProperty(BUILT, now);

        assertThat(ProcessAge.ms()).isBetween(0L, before - 1);
    }
}
