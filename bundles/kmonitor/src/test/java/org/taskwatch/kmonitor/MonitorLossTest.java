// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.taskwatch.api.TaskEvent.EXEC;
import static org.taskwatch.api.TaskEvent.EXIT;

import org.junit.Test;
import org.taskwatch.api.Loss;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.kmonitor.FakeKernel.FakeProcess;

import java.time.Instant;

/// How a monitor learns of what it has missed.
public class MonitorLossTest extends RegistrationsFixture {
    @Test
    public void shouldTellWhoHasAskedForLossesThatNothingIsToldAnyMore() throws Exception {
        FakeProcess other = kernel.add(11, USER);
        register(10, target, EXECUTE | LOST, 41, Instant.now());
        register(11, target, EXECUTE);
        receiver.room = 0;
        tell(target.now(EXEC, 0));
        receiver.room = 10;
        registrations.end();
        assertThat(receiver.received()).containsExactly("41 0x40000001 0 0", "41 0x40000000 0 0");
        assertThat(other.received()).hasSize(1);
        assertThat(registrations.isAny()).isFalse();
        assertThat(receiver.open + other.open).isZero();
        registrations.close(file);
    }

    @Test
    public void shouldCountWhatAFullQueueHasLost() throws Exception {
        register(10, target, EXECUTE);
        receiver.room = 1;
        tell(target.now(EXEC, 0), target.now(EXEC, 0), target.now(EXEC, 0));
        assertThat(MonitorText.lines(registrations.monitors(0)))
                .isEqualTo("monitor 10 uid 1000 sent 1 lost 2\ntarget 100 mask 0x20 signal 40\n");
        receiver.room = 10;
        registrations.tellLosses();
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    public void shouldKeepTheCountsOfMonitorsThatHaveGone() throws Exception {
        register(10, target, EXECUTE);
        receiver.room = 1;
        assertThat(registrations.counters())
                .contains(
                        Counter.lost(Loss.Place.READER, "kmonitor", 0, null),
                        new Counter("kmonitor_monitors", 1),
                        new Counter("kmonitor_registrations", 1));
        Instant before = Instant.now();
        tell(target.now(EXEC, 0), target.now(EXEC, 0), target.now(EXEC, 0));
        events.processes().lost(new Loss(7, Loss.Place.SOURCE, "counted there", Instant.now()));
        registrations.close(file);

        assertThat(registrations.counters())
                .contains(
                        new Counter("kmonitor_signals_sent_total", 1),
                        new Counter("kmonitor_monitors", 0),
                        new Counter("kmonitor_registrations", 0));
        Counter lost = registrations.counters().get(1);
        assertThat(lost).isEqualTo(Counter.lost(Loss.Place.READER, "kmonitor", 2, lost.since()));
        assertThat(lost.since()).isBetween(before, Instant.now());
    }

    @Test
    public void shouldTellALossToWhoHasAskedForItBeforeTheNextSignal() throws Exception {
        register(10, target, EXECUTE | LOST);
        receiver.room = 1;
        tell(target.now(EXEC, 0), target.now(EXEC, 0), target.now(EXEC, 0));
        assertThat(tidied).isPositive();
        receiver.room = 10;
        tell(target.now(EXEC, 0));
        assertThat(receiver.received())
                .containsExactly("40 0x20 100 1000", "40 0x40000002 0 0", "40 0x20 100 1000");
        registrations.tellLosses();
        assertThat(receiver.received()).hasSize(3);
    }

    @Test
    public void shouldTellALossByItselfWhenThereIsRoomEvenIfTheTargetIsGone() throws Exception {
        register(10, target, END | LOST);
        receiver.room = 0;
        tell(target.now(EXIT, 0));
        registrations.tellLosses();
        assertThat(receiver.received()).isEmpty();
        receiver.room = 1;
        registrations.tellLosses();
        assertThat(receiver.received()).containsExactly("40 0x40000001 0 0");
    }

    @Test
    public void shouldTellThatEventsWereLostBeforeThemToWhoHasAskedForIt() throws Exception {
        FakeProcess other = kernel.add(11, USER);
        register(10, target, END | LOST);
        register(11, target, END);
        events.processes().lost(new Loss(7, Loss.Place.SOURCE, "test", Instant.now()));
        assertThat(receiver.received()).containsExactly("40 0x40000007 0 0");
        assertThat(other.received()).isEmpty();
        deregister(10, target, LOST);
        events.processes().lost(new Loss(7, Loss.Place.SOURCE, "test", Instant.now()));
        assertThat(receiver.received()).hasSize(1);
    }
}
