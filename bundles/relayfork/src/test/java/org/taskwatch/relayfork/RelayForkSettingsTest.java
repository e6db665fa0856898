// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.linux.Signal;

import java.nio.file.Files;

/// What is kept over a restart, and the configuration.
public class RelayForkSettingsTest extends RelayForkFixture {
    private void restart() {
        relayFork.deactivate();
        relayFork = new RelayFork(context(), config);
    }

    private void configure(String signal, String... processes) {
        config = new Configuration(signal, processes);
        relayFork.modify(config);
    }

    @Test
    public void shouldGoOnAfterARestartWithThoseThatLive() throws Exception {
        int one = process();
        int two = process();
        write(processes(), one + "");
        write(processes(), two + "");
        write(signal(), "40");
        started.getFirst().destroyForcibly().waitFor();

        restart();

        assertThat(read(processes())).isEqualTo(two + " \n");
        assertThat(read(signal())).isEqualTo("40\n");
        assertThat(watchers).hasValue(1);
    }

    @Test
    public void shouldNotGoOnWithAnotherProcessOfTheSamePidNorAfterABoot() throws Exception {
        int pid = process();
        write(processes(), pid + "");
        String text = Files.readString(kept());
        relayFork.deactivate();

        Files.writeString(kept(), text.replace(pid + ":", pid + ":1"));
        relayFork = new RelayFork(context(), config);
        assertThat(read(processes())).isEqualTo("\n");
        relayFork.deactivate();

        Files.writeString(kept(), text.replaceAll("boot = .*", "boot = another"));
        relayFork = new RelayFork(context(), config);
        assertThat(read(processes())).isEqualTo("\n");
        relayFork.deactivate();

        Files.writeString(kept(), text);
        relayFork = new RelayFork(context(), config);
        assertThat(read(processes())).isEqualTo(pid + " \n");
    }

    @Test
    public void shouldBeginAnewIfWhatWasKeptCantBeRead() throws Exception {
        relayFork.deactivate();
        Files.writeString(kept(), "signal = 1");

        relayFork = new RelayFork(context(), config);

        assertThat(read(signal())).isEqualTo(Signal.REAL_TIME_MIN + "\n");
    }

    @Test
    public void shouldApplyAConfigurationWhenItChangesAndOnlyThen() throws Exception {
        int one = process();
        int two = process();
        int three = process();
        write(processes(), three + "");

        configure("40", one + ", " + two);
        assertThat(read(processes())).isEqualTo(three + " " + one + " " + two + " \n");
        assertThat(read(signal())).isEqualTo("40\n");

        write(signal(), "41");
        write(processes(), "-" + one);
        restart();
        assertThat(read(processes())).isEqualTo(three + " " + two + " \n");
        assertThat(read(signal())).isEqualTo("41\n");

        configure("", one + "");
        assertThat(read(processes())).isEqualTo(three + " " + one + " \n");
        assertThat(read(signal())).isEqualTo("41\n");

        configure("", "");
        assertThat(read(processes())).isEqualTo(three + " \n");
    }

    @Test
    public void shouldChangeNothingForAWrongConfigurationOrNone() throws Exception {
        int pid = process();
        configure("40", pid + "");

        configure("33", "");
        configure("41", "x");
        configure("");

        assertThat(read(processes())).isEqualTo(pid + " \n");
        assertThat(read(signal())).isEqualTo("40\n");
    }

    @Test
    public void shouldApplyTheRestOfAConfigurationIfAProcessIsGone() throws Exception {
        int pid = process();

        configure("40", "2147483647", pid + "");

        assertThat(read(processes())).isEqualTo(pid + " \n");
        assertThat(read(signal())).isEqualTo("40\n");
    }
}
