// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Rule;
import org.junit.Test;
import org.taskwatch.launcher.log.CapturedLog;

import java.util.ArrayList;
import java.util.List;

/// What becomes of an error that a thread can't handle. How an instance ends when its memory has run
/// out shows an integration test.
public class ErrorHandlerTest {
    @Rule public final CapturedLog log = new CapturedLog();

    private final List<Integer> halts = new ArrayList<>();

    private void handle(boolean isFull, Throwable failure) {
        new ErrorHandler(() -> isFull, halts::add)
                .uncaughtException(Thread.currentThread(), failure);
    }

    @Test
    public void shouldEndTheProcessWhenMemoryHasRunOut() {
        handle(true, new OutOfMemoryError("Java heap space"));

        assertThat(halts).containsExactly(70);
        assertThat(log.warnings()).hasSize(1);
        assertThat(log.warnings().getFirst())
                .contains("memory has run out")
                .contains("status 70")
                .contains(Thread.currentThread().getName());
    }

    @Test
    public void shouldEndTheProcessWhenAnErrorComesOfIt() {
        handle(true, new ExceptionInInitializerError(new OutOfMemoryError("Java heap space")));

        assertThat(halts).containsExactly(70);
    }

    @Test
    public void shouldGoOnAfterAnOutOfMemoryErrorWithMemoryLeft() {
        handle(false, new OutOfMemoryError("unable to create native thread"));

        assertThat(halts).isEmpty();
        assertThat(log.warnings()).hasSize(1);
        assertThat(log.warnings().getFirst()).contains(Thread.currentThread().getName());
    }

    @Test
    public void shouldGoOnAfterOtherErrorsHoweverFullTheHeapIs() {
        handle(true, new InternalError("on purpose"));
        handle(true, new IllegalStateException("on purpose"));

        assertThat(halts).isEmpty();
    }

    @Test
    public void shouldTellTheSameFailureOnceAndNotEndlesslyMany() {
        ErrorHandler handler = new ErrorHandler(() -> false, halts::add);
        for (int i = 0; i < 100; i++) {
            handler.uncaughtException(Thread.currentThread(), new InternalError("same"));
        }
        assertThat(log.warnings()).hasSize(1);
        for (int i = 0; i < 100; i++) {
            InternalError other = new InternalError("other");
            other.setStackTrace(
                    new StackTraceElement[] {new StackTraceElement("A", "m", "A.java", i)});
            handler.uncaughtException(Thread.currentThread(), other);
        }
        assertThat(log.warnings()).hasSize(64);
    }
}
