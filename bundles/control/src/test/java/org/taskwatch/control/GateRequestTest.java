// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

/// The packets by which a command becomes gated.
public class GateRequestTest {
    private static final String REQUEST =
            "taskwatch-gate 1\nlate=refuse\nkeep=true\nlabel=a%0Ab+%C3%A9\ncommand=make";

    @Test
    public void shouldComeAsItWasSent() {
        GateRequest request = new GateRequest("refuse", true, "a\nb é", "make");

        assertThat(request.text()).isEqualTo(REQUEST);
        assertThat(GateRequest.parse(request.text())).isEqualTo(request);
    }

    @Test
    public void shouldSendTheBeginningOfALongCommand() {
        GateRequest request = new GateRequest("", false, "", "x".repeat(5000));

        assertThat(GateRequest.parse(request.text()).command()).isEqualTo("x".repeat(1000));
    }

    @Test
    public void shouldSayWhatIsWrongWithARequest() {
        assertRefused(
                "", "this is not the gate of its version: expected \"taskwatch-gate 1\" first");
        assertRefused("taskwatch-gate 1", "expected 5 lines, not 1");
        assertRefused(REQUEST + "\n", "expected 5 lines, not 6");
        assertRefused(
                REQUEST.replace("refuse", "no"), "late=no: expected allow, refuse or nothing");
        assertRefused(REQUEST.replace("true", ""), "keep=: expected true or false");
        assertRefused(REQUEST.replace("label", "name"), "expected a line label=");
        assertRefused(
                REQUEST.replace("label=", "label=" + "x".repeat(200)),
                "the label has 205 characters, at most 200 may be");
        assertThatThrownBy(() -> GateRequest.parse(REQUEST.replace("%0A", "%zz")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertRefused(String text, String why) {
        assertThatThrownBy(() -> GateRequest.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    @Test
    public void shouldTellAGrantFromARefusalAndFromNothing() {
        assertThat(GateRequest.refusal(GateRequest.OK)).isNull();
        assertThat(GateRequest.refusal("error too many gates")).isEqualTo("too many gates");
        assertThat(GateRequest.refusal("")).isEqualTo("the instance has given no answer");
    }
}
