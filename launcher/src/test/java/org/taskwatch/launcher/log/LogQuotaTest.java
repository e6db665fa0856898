// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;

public class LogQuotaTest {
    private static final int KIB = 1024;

    private long now = Long.MAX_VALUE - 5; // the clock may wrap around
    private final LogQuota quota = new LogQuota(4 * KIB, () -> now);

    private List<String> log(String logger, int bytes) {
        LogRecord entry = new LogRecord(Level.INFO, "a record");
        entry.setLoggerName(logger);
        return quota.admit(entry, bytes).stream().map(LogRecord::getMessage).toList();
    }

    @Test
    public void shouldDropWhatIsMoreThanTheQuotaOfOneLoggerAndSayThatItDoes() {
        for (int i = 0; i < 4; i++) {
            assertThat(log("noisy", KIB)).containsExactly("a record");
        }

        assertThat(log("noisy", KIB))
                .containsExactly(
                        "noisy has logged 4 KiB within 10 minutes: until these are over, its"
                                + " records are dropped, and counted");
        assertThat(log("noisy", 1)).isEmpty();
        assertThat(log("other", 4 * KIB)).containsExactly("a record");
    }

    @Test
    public void shouldTellTheCountWhenThePeriodIsOverAndAdmitRecordsAgain() {
        log("noisy", 5 * KIB);
        log("noisy", KIB);
        now += LogQuota.PERIOD.toNanos() - 1;
        assertThat(log("noisy", KIB)).isEmpty();

        now++;

        assertThat(log("other", KIB))
                .containsExactly("3 records of noisy were dropped", "a record");
        assertThat(log("noisy", 4 * KIB)).containsExactly("a record");
    }

    @Test
    public void shouldBoundWhatManyNamesCanWriteTogether() {
        int written = 0;
        for (int i = 0; i < 10_000; i++) {
            written += log("logger" + i, 4 * KIB).contains("a record") ? 1 : 0;
        }
        assertThat(written).isEqualTo(1001);
        now += LogQuota.PERIOD.toNanos();
        log("known", KIB);
        for (int i = 0; i < 10_000; i++) {
            log("logger" + i, 4 * KIB);
        }
        assertThat(log("known", KIB)).containsExactly("a record");
    }
}
