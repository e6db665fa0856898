// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.locals;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.testing.FakeTask;

import java.util.Map;

/// The texts of values, by functions of a watcher.
public class TextsTest {
    private final FakeTask one = FakeTask.process(1, null);
    private final FakeTask two = FakeTask.process(2, null);

    private static Values<Integer> numbers() {
        return new Values<>(
                new Blueprint<>(
                        "n", false, null, number -> "no. " + 12 / number, Integer::valueOf));
    }

    @Test
    public void shouldShowAValueAsItsWatcherSays() {
        Values<Integer> values = numbers();
        Texts<Integer> texts = new Texts<>("m", values);
        values.set(one, 3);

        assertThat(texts.shown(one)).isEqualTo("no. 4");
        assertThat(texts.shown(two)).isNull();
    }

    @Test
    public void shouldCutALongText() {
        Values<String> values = new Values<>(Blueprint.of("n"));
        values.set(one, "x".repeat(5_000));

        assertThat(new Texts<>("m", values).shown(one)).isEqualTo("x".repeat(1_024));
    }

    @Test
    public void shouldCountWhatAFunctionThrowsAndLoseThatValueAlone() {
        Values<Integer> values = numbers();
        Texts<Integer> texts = new Texts<>("m", values);
        values.set(one, 0);
        values.set(two, 6);

        assertThat(texts.shown(one)).isNull();
        assertThat(texts.written()).isEqualTo(Map.of(two, "no. 2"));
        texts.read(Map.of(one, "x", two, "7"));

        assertThat(values.get(one)).isZero();
        assertThat(values.get(two)).isEqualTo(7);
        assertThat(texts.faults()).isEqualTo(3);
    }

    @Test
    public void shouldWriteNothingThatIsNotToBeCarried() {
        Values<String> values = new Values<>(Blueprint.of("n"));
        values.set(one, "x");

        assertThat(new Texts<>("m", values).written()).isEmpty();
    }
}
