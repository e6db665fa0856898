// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpHandler;

import org.junit.Before;
import org.junit.Test;

import java.io.IOException;
import java.net.Socket;

/// Who may change something, how much can be sent, and what is served below a path.
public class RightsTest extends WebFixture {
    private static final String EMPTY = "Content-Length: 0";

    /// Answers with the method and the length of what was sent.
    private static final HttpHandler ECHO =
            exchange -> {
                int length = exchange.getRequestBody().readAllBytes().length;
                text(exchange.getRequestMethod() + " " + length).handle(exchange);
            };

    @Before
    public void serve() {
        serve("/act", 0, ECHO);
    }

    @Test
    public void shouldLetThoseAloneChangeSomethingWhoHaveTheTokenForThat() throws Exception {
        assertThat(status(ask("POST /act", host(), EMPTY))).isEqualTo("401");
        String seeing = ask("POST /act", host(), bearer(), EMPTY);
        assertThat(status(seeing)).isEqualTo("403");
        assertThat(body(seeing)).contains("taskwatch web --control");
        assertThat(body(ask("POST /act", host(), bearerOfControl(), EMPTY))).isEqualTo("POST 0");
        assertThat(body(ask("GET /act", host(), bearerOfControl()))).isEqualTo("GET 0");
    }

    @Test
    public void shouldTellWithEachReplyWhatTheClientMayDo() throws Exception {
        assertThat(get("/act").toLowerCase()).contains("\ntaskwatch-rights: see\n");
        assertThat(ask("GET /act", host(), bearerOfControl()).toLowerCase())
                .contains("\ntaskwatch-rights: see control\n");
    }

    @Test
    public void shouldTakeACookieForAChangeOnlyFromAPageOfItsOwn() throws Exception {
        String cookie =
                "Cookie: taskwatch-"
                        + address.getPort()
                        + "="
                        + bearerOfControl().replaceAll(".* ", "");

        assertThat(status(ask("POST /act", host(), cookie, EMPTY))).isEqualTo("403");
        assertThat(status(ask("POST /act", host(), cookie, EMPTY, "Origin: null")))
                .isEqualTo("403");
        assertThat(status(ask("POST /act", host(), cookie, EMPTY, origin()))).isEqualTo("200");
        assertThat(status(ask("POST /act?token=" + token(), host(), origin(), EMPTY)))
                .isEqualTo("401");
    }

    @Test
    public void shouldRefuseABodyThatIsTooLargeOrDoesNotSayHowLargeItIs() throws Exception {
        assertThat(statusWithoutBody("Content-Length: " + (Front.MOST_BODY + 1))).isEqualTo("413");
        assertThat(statusWithoutBody("Transfer-Encoding: chunked")).isEqualTo("411");

        try (Socket socket = open("POST /act", host(), bearerOfControl(), "Content-Length: 5")) {
            socket.getOutputStream().write("hello".getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            assertThat(answer).endsWith("POST 5");
        }
    }

    /// {@return the status of a reply that does not wait for the body}
    private String statusWithoutBody(String header) throws IOException {
        try (Socket socket = open("POST /act", host(), bearerOfControl(), header)) {
            return status(new String(socket.getInputStream().readNBytes(20), US_ASCII));
        }
    }

    @Test
    public void shouldServeAllBelowAPathExceptWhatAnotherServesAlone() throws Exception {
        serve("/files/*", 9, text("below"));
        serve("/files/deep/*", 0, text("deeper"));
        serve("/files/one", 0, text("one"));

        assertThat(body(get("/files/any/thing"))).isEqualTo("below");
        assertThat(body(get("/files/one"))).isEqualTo("one");
        assertThat(body(get("/files/deep/x"))).isEqualTo("deeper");
        assertThat(status(get("/files"))).isEqualTo("404");
        assertThat(status(get("/filesystem"))).isEqualTo("404");
    }
}
