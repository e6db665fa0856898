// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/// When a watchdog looks, and what it takes over.
public class WatchdogTest {
    private static final Duration AT_ONCE = Duration.ofNanos(1);
    private static final Duration NEVER = Duration.ofDays(1);

    private final Queue<Runnable> ticks = new ArrayDeque<>();
    private final List<Long> pauses = new ArrayList<>();
    private final Callers callers = new Callers(new Clock((_, _) -> {}));
    private final Caller caller = callers.current();
    private final List<String> taken = new ArrayList<>();

    private Watchdog watchdog(Duration deadline) {
        return new Watchdog(callers, this::schedule, deadline);
    }

    private void schedule(long millis, Runnable tick) {
        pauses.add(millis);
        ticks.add(tick);
    }

    private void tick() {
        ticks.remove().run();
    }

    private final class Noted extends TimedTurns {
        Noted() {
            super(caller);
        }

        @Override
        protected void takeOver(@Nullable Object late) {
            taken.add(String.valueOf(late));
            interrupt();
        }
    }

    private TimedTurns watched(Watchdog watchdog) {
        TimedTurns turns = new Noted();
        watchdog.watch(caller, turns);
        return turns;
    }

    @Test
    public void shouldTakeOverTheTurnThatIsLateAndLetNoOtherBegin() {
        TimedTurns turns = watched(watchdog(AT_ONCE));
        assertThat(turns.begin("first")).isTrue();
        assertThat(turns.begin("second")).isTrue();

        tick();

        assertThat(taken).containsExactly("second");
        assertThat(turns.isInTime()).isFalse();
        assertThat(turns.begin("third")).isFalse();
        assertThat(turns.end()).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    public void shouldTakeNothingOverThatHasEnded() {
        TimedTurns turns = watched(watchdog(AT_ONCE));
        assertThat(turns.end()).isTrue();

        tick();

        assertThat(taken).isEmpty();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    public void shouldTakeNothingOverBeforeItsDeadline() {
        TimedTurns turns = watched(watchdog(NEVER));

        tick();

        assertThat(taken).isEmpty();
        assertThat(turns.isInTime()).isTrue();
    }

    @Test
    public void shouldTakeOverWhatIsNestedInEachOther() {
        Watchdog watchdog = watchdog(AT_ONCE);
        TimedTurns outer = watched(watchdog);
        outer.begin("outer");
        TimedTurns inner = watched(watchdog);
        inner.begin("inner");
        caller.leave(inner);
        TimedTurns next = watched(watchdog);
        next.begin("next");

        tick();

        assertThat(taken).containsExactly("next", "outer");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    public void shouldTickTenTimesInADeadline() {
        watched(watchdog(Duration.ofSeconds(1)));

        assertThat(pauses).containsExactly(100L);
    }

    @Test
    public void shouldTickWhileAThreadIsAtItAndTwiceAfter() {
        Watchdog watchdog = watchdog(NEVER);
        TimedTurns turns = watched(watchdog);
        tick();
        tick();
        assertThat(ticks).hasSize(1);

        caller.leave(turns);
        tick();
        tick();
        assertThat(ticks).isEmpty();

        watched(watchdog);
        assertThat(ticks).hasSize(1);
    }

    @Test
    public void shouldNotBeWokenAgainWhileItTicks() {
        Watchdog watchdog = watchdog(NEVER);
        for (int i = 0; i < 3; i++) {
            caller.leave(watched(watchdog));
            caller.leave(watched(watchdog));
            assertThat(ticks).hasSize(1);
            tick();
        }
        assertThat(ticks).hasSize(1);
    }

    @Test
    public void shouldNotTickWithoutADeadline() {
        watched(watchdog(Duration.ZERO));

        assertThat(ticks).isEmpty();
    }

    @Test
    public void shouldTryAgainAfterATickCouldNotBeScheduled() {
        Watchdog watchdog =
                new Watchdog(
                        callers,
                        (_, _) -> {
                            throw new OutOfMemoryError("on purpose");
                        },
                        AT_ONCE);

        assertThatThrownBy(() -> watched(watchdog)).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> watched(watchdog)).isInstanceOf(OutOfMemoryError.class);
    }
}
