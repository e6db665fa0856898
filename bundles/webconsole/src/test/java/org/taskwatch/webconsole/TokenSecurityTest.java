// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.webconsole;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.webconsole.Servlets.Answer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/// Who may enter the console.
public class TokenSecurityTest {
    private static final String GET = "GET /system/console/bundles";
    private static final byte[] NONE = {};

    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private static String basic(String nameAndPassword) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString(nameAndPassword.getBytes(StandardCharsets.UTF_8));
    }

    private Path file() {
        return folder.getRoot().toPath().resolve("http-control-token");
    }

    private boolean mayEnter(Answer answer, String line, String... headers) {
        return new TokenSecurity(file())
                        .authenticate(Servlets.request(line, NONE, headers), answer.response())
                != null;
    }

    private int status(String line, String... headers) {
        Answer answer = new Answer();
        assertThat(mayEnter(answer, line, headers)).isFalse();
        return answer.status();
    }

    @Test
    public void shouldLetThoseInAloneWhoSayTheToken() throws IOException {
        assertThat(status(GET, "Authorization", basic("admin:"))).as("no token").isEqualTo(401);
        Files.writeString(file(), "5f0c\n");
        assertThat(status(GET)).isEqualTo(401);
        assertThat(status(GET, "Authorization", basic("admin:admin"))).isEqualTo(401);
        assertThat(status(GET, "Authorization", "Basic ?")).isEqualTo(401);
        assertThat(status(GET, "Authorization", "Bearer 5f0c")).isEqualTo(401);

        Answer answer = new Answer();
        assertThat(mayEnter(answer, GET, "Authorization", basic("me:5f0c"))).isTrue();
        assertThat(answer.headers)
                .containsEntry("Content-Security-Policy", "frame-ancestors 'self'");
    }

    @Test
    public void shouldRefuseAChangeThatAPageFromElsewhereSends() throws IOException {
        Files.writeString(file(), "5f0c\n");
        String post = "POST /system/console/bundles";
        String[] evil = {"Authorization", basic("me:5f0c"), "Sec-Fetch-Site", "cross-site"};
        assertThat(status(post, evil)).isEqualTo(403);

        assertThat(
                        mayEnter(
                                new Answer(),
                                post,
                                "Authorization",
                                basic("me:5f0c"),
                                "Sec-Fetch-Site",
                                "same-origin"))
                .isTrue();
    }
}
