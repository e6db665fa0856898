// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;
import org.taskwatch.api.Detail;
import org.taskwatch.api.TaskIdentity;
import org.taskwatch.source.Arguments;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.source.recording.RecordingLine.Source;
import org.taskwatch.source.recording.RecordingWriter;

import java.util.Map;

/// Times stay what they were by the clock of the day, and ticks stay ticks.
public class ShiftTest {
    private static final long TICK = TaskIdentity.TICK_NANOS;

    private final TaskRecord recorded = new TaskRecord();
    private final TaskRecord here = new TaskRecord();

    private static Shift shift(long epochNanos, long bootNanos, long hereNanos) {
        return Shift.of(new Source("a source", epochNanos, bootNanos), hereNanos);
    }

    @Test
    public void shouldKeepTheTimeOfTheDayToATick() {
        for (long epoch = 7 * TICK - 9; epoch < 9 * TICK; epoch += 1_234_567) {
            for (long clock : new long[] {0, 3, 40 * TICK + 1, -40 * TICK - 1}) {
                long nanos = shift(epoch, 0, clock).nanos();
                assertThat(nanos % TICK).isZero();
                assertThat(nanos + clock - epoch).isBetween(-TICK / 2, TICK / 2);
            }
        }
    }

    @Test
    public void shouldKeepStartsOfBothKindsTogether() {
        Shift shift = shift(50 * TICK + 3, 5 * TICK + 7, 0);
        recorded.begin(Kind.FOUND, 900 * TICK + 5, 7, 7)
                .set(Fact.START_TICKS, 800)
                .set(Fact.START_NANOS, 800 * TICK + 77);
        shift.copy(recorded, here);

        assertThat(here.nanos()).isEqualTo(950 * TICK + 5);
        assertThat(here.get(Fact.START_TICKS)).as("6 ticks of sleep").isEqualTo(844);
        assertThat(here.get(Fact.START_NANOS)).isEqualTo(844 * TICK + 77);
    }

    @Test
    public void shouldTakeTimesFromBeforeThisMachineWasStarted() {
        Shift shift = shift(0, 0, 1000 * TICK);
        recorded.begin(Kind.FOUND, 5, 7, 7).set(Fact.START_TICKS, 3);
        shift.copy(recorded, here);

        assertThat(here.nanos()).isEqualTo(-1000 * TICK + 5);
        assertThat(here.get(Fact.START_TICKS)).isEqualTo(-997);
    }

    @Test
    public void shouldCopyAllElseAsItIs() {
        recorded.begin(Kind.EXECUTED, 5, 8, 7)
                .repaired()
                .set(Fact.STATUS, -1)
                .comm(Detail.of("a"))
                .executable(Detail.cut("b"))
                .arguments(Detail.of(Arguments.of(new byte[] {'c'}, 1)))
                .workingDirectory(Detail.unknown(Detail.Reason.GONE))
                .cgroup(Detail.of("/"))
                .namespaces(Detail.of(Map.of("pid", 1L)));
        shift(0, 0, 0).copy(recorded, here);

        StringBuilder text = new StringBuilder();
        RecordingWriter writer = new RecordingWriter(text);
        writer.accept(here);
        String copy = text.toString();
        text.setLength(0);
        writer.accept(recorded);
        assertThat(copy).hasToString(text.toString());
    }

    @Test
    public void shouldRefuseTimesThatHaveNoNumberHere() {
        assertThatThrownBy(() -> shift(Long.MIN_VALUE, 0, 1))
                .isInstanceOf(ArithmeticException.class);
        Shift shift = shift(TICK, 0, 0);
        recorded.begin(Kind.FREED, Long.MAX_VALUE, 7, 7);
        assertThatThrownBy(() -> shift.copy(recorded, here))
                .isInstanceOf(ArithmeticException.class);
        recorded.begin(Kind.FOUND, 0, 7, 7).set(Fact.START_TICKS, Long.MAX_VALUE / TICK);
        assertThatThrownBy(() -> shift.copy(recorded, here))
                .isInstanceOf(ArithmeticException.class);
    }
}
