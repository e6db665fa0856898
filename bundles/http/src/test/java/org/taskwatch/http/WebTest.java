// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;
import org.taskwatch.api.tool.WebServer.Right;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// Who may ask, where the server listens, and what it says.
public class WebTest extends WebFixture {
    @Test
    public void shouldAnswerThoseAloneWhoHaveTheToken() throws Exception {
        serve("/hello", 0, text("hello"));

        assertThat(status(ask("GET /hello", host()))).isEqualTo("401");
        assertThat(status(ask("GET /hello", host(), "Authorization: Bearer x"))).isEqualTo("401");
        assertThat(status(ask("GET /hello?token=" + "0".repeat(64), host()))).isEqualTo("401");
        assertThat(body(get("/hello"))).isEqualTo("hello");
    }

    @Test
    public void shouldGiveABrowserACookieForTheTokenAndTakeThatOutOfTheAddress() throws Exception {
        serve("/hello", 0, text("hello"));

        String first = ask("GET /hello?token=" + token(), host());

        assertThat(status(first)).isEqualTo("303");
        assertThat(first).contains("\nLocation: /hello\n").contains("; HttpOnly; SameSite=Strict");
        String cookie =
                first.lines()
                        .filter(line -> line.startsWith("Set-cookie: "))
                        .findFirst()
                        .orElseThrow()
                        .replaceAll("Set-cookie: ([^;]*);.*", "Cookie: a=b; $1");
        assertThat(body(ask("GET /hello", host(), cookie))).isEqualTo("hello");
        assertThat(first).contains("default-src 'self'");
    }

    @Test
    public void shouldRefuseOtherHostsOtherOriginsAndOtherMethods() throws Exception {
        serve("/hello", 0, text("hello"));

        assertThat(status(ask("GET /hello", "Host: evil.example:80", bearer()))).isEqualTo("403");
        assertThat(status(ask("GET /hello", host(), bearer(), "Origin: http://evil.example")))
                .isEqualTo("403");
        assertThat(status(ask("GET /hello", host(), bearer(), origin()))).isEqualTo("200");
        assertThat(status(ask("DELETE /hello", host(), bearerOfControl()))).isEqualTo("405");
    }

    @Test
    public void shouldKeepTheTokenToItsOwnerAndOverRestarts() throws Exception {
        Path run = folder.getRoot().toPath().resolve("run");
        Path file = run.resolve("http-token");
        for (Path each : List.of(file, run.resolve("http-control-token"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                    .isEqualTo("rw-------");
        }
        String before = token();
        assertThat(web.running(Right.SEE)).isEqualTo(address);
        web.stop();
        assertThat(web.running(Right.SEE)).isNull();
        address = web.start(Right.SEE);
        assertThat(token()).isEqualTo(before);

        web.stop();
        Files.writeString(file, "short");
        assertThatThrownBy(() -> web.start(Right.SEE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds no token");
    }

    @Test
    public void shouldListThePathsAndSayThatNothingServesAnother() throws Exception {
        serve("/b", 0, text(""));
        serve("/a", 0, text(""));
        serve("no path", 0, text(""));

        assertThat(body(get("/"))).isEqualTo("/a\n/b\n");
        assertThat(status(get("/c"))).isEqualTo("404");
    }

    @Test
    public void shouldSayWhereItCanNotListen() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();
            Web second =
                    new Web(
                            framework.getBundleContext(),
                            new Settings(true, "127.0.0.1", port)); // which logs it
            assertThatThrownBy(() -> second.start(Right.SEE))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("listening at 127.0.0.1 port " + port + ": ")
                    .hasMessageContaining("org.taskwatch.http.cfg");
        }
    }
}
