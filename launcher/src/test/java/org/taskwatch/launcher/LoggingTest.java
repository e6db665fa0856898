// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

public class LoggingTest {
    @Test
    public void shouldTellItsOwnLoggersFromThoseOfWatchersAndDeployedBundles() {
        assertThat(Logging.isPlatform("org.taskwatch.core.Lane")).isTrue();
        assertThat(Logging.isPlatform("org.apache.felix.scr")).isTrue();
        assertThat(Logging.isPlatform("java.net.http")).isTrue();
        assertThat(Logging.isPlatform("org.taskwatch.watchers.execlog.ExecLog")).isFalse();
        assertThat(Logging.isPlatform("example.RootExecs")).isFalse();
        assertThat(Logging.isPlatform("")).isFalse();
    }
}
