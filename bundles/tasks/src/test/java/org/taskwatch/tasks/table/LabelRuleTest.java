// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.Test;
import org.taskwatch.tasks.Label;
import org.taskwatch.tasks.fake.FakeFilters;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How rules are written.
public class LabelRuleTest {
    private static List<LabelRule> list(String text) {
        return LabelRule.list(text, new FakeFilters());
    }

    @Test
    public void shouldHaveAFilterAndTheLabels() {
        List<LabelRule> rules =
                list(
                        " (comm=make)(uid>=1000) -> job=build  team=a=b;;(comm=sh)->step=sh"
                                + " until-exec;");

        assertThat(rules)
                .extracting(LabelRule::labels)
                .containsExactly(
                        List.of(new Label("job", "build", false), new Label("team", "a=b", false)),
                        List.of(new Label("step", "sh", true)));
        assertThat(rules.getFirst().filter())
                .hasToString(new FakeFilters().matcher("(&(comm=make)(uid>=1000))").toString());
        assertThat(list(" ; ")).isEmpty();
    }

    @Test
    public void shouldSayWhichMakesNoSenseAndWhatToWrite() {
        Map.of(
                        "(comm=sh)",
                        "write it as (comm=make) -> job=build",
                        "comm=sh -> a=1",
                        "'comm=sh' is no filter",
                        " -> a=1",
                        "is no filter",
                        "(comm=sh) -> ",
                        "\"\" is no label; write KEY=VALUE",
                        "(comm=sh) -> until-exec",
                        "it has 0 labels; write 1 to 16",
                        "(comm=sh) -> until-exec a=1",
                        "\"until-exec\" is no label",
                        "(comm=sh) -> A=1",
                        "label \"A\": expected a key",
                        "(comm=sh) -> a=",
                        "label a: expected a value",
                        "(comm=sh) -> a=" + "x".repeat(64),
                        "label a: it has 65 bytes")
                .forEach((wrong, said) ->
                        assertThatIllegalArgumentException()
                                .isThrownBy(() -> list("(comm=x) -> b=1;" + wrong))
                                .withMessageContaining("rule 2, \"" + wrong.strip() + "\": ")
                                .withMessageContaining(said));
    }

    @Test
    public void shouldBeSoManyAndNoMore() {
        assertThat(list(many(LabelRule.MOST))).hasSize(LabelRule.MOST);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> list(many(LabelRule.MOST + 1)))
                .withMessage("it has 65 rules, at most 64 may be");
    }

    private static String many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "(comm=c%d) -> k%d=v".formatted(i, i))
                .collect(Collectors.joining(";"));
    }
}
