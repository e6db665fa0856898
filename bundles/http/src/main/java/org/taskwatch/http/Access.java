// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.tool.WebServer.Right;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/// Who may ask, and for what. Every user of the machine can connect to the loopback, and so can, by the names that they
/// make up for it (DNS rebinding), the pages that are open in a browser. So a request must name the address that is
/// listened to, must not come from another origin, and must have a token: as `Authorization: Bearer`, as a cookie, or
/// once as the parameter `token`, for which a browser gets the cookie. One that changes something needs the token for
/// that; and if a cookie says it, which a browser adds by itself, the origin too. Immutable.
final class Access {
    private static final String BEARER = "Bearer ";
    private static final String PARAMETER = "token=";
    private static final List<String> READING = List.of("GET", "HEAD");

    private final Tokens tokens;
    private final Set<String> hosts;
    private final String cookie;

    /// @param tokens what a client must know
    /// @param address where the server listens
    Access(Tokens tokens, InetSocketAddress address) {
        this.tokens = tokens;
        int port = address.getPort();
        String own = address.getAddress().getHostAddress();
        hosts =
                address.getAddress().isLoopbackAddress()
                        ? Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port)
                        : Set.of((own.contains(":") ? "[" + own + "]" : own) + ":" + port);
        cookie = "taskwatch-" + port + "="; // cookies do not know ports
    }

    /// Decides about a request. If the client has said a token as a parameter, the reply has the cookie after that.
    Admission check(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        boolean isReading = READING.contains(exchange.getRequestMethod());
        if (!isReading && !exchange.getRequestMethod().equals("POST")) {
            return Admission.NO_SUCH_METHOD;
        }
        String host = headers.getFirst("Host");
        String origin = headers.getFirst("Origin");
        if (host == null
                || !hosts.contains(host)
                || origin != null && !origin.equals("http://" + host)) {
            return Admission.ELSEWHERE;
        }
        String said = said(exchange.getRequestURI().getRawQuery());
        if (isReading && tokens.right(said) != null) {
            exchange.getResponseHeaders()
                    .add("Set-Cookie", cookie + said + "; HttpOnly; SameSite=Strict; Path=/");
            return Admission.HAS_COOKIE_NOW;
        }
        Right right = right(headers);
        if (right == null) {
            return Admission.NO_TOKEN;
        } else if (!isReading && right != Right.CONTROL) {
            return Admission.MAY_ONLY_SEE;
        } else if (!isReading && origin == null && bearer(headers) == null) {
            return Admission.ELSEWHERE;
        }
        return right == Right.CONTROL ? Admission.MAY_CONTROL : Admission.MAY_SEE;
    }

    private static String said(@Nullable String query) {
        return query != null && query.startsWith(PARAMETER)
                ? query.substring(PARAMETER.length())
                : "";
    }

    private @Nullable Right right(Headers headers) {
        String bearer = bearer(headers);
        if (bearer != null) {
            return tokens.right(bearer);
        }
        return headers.getOrDefault("Cookie", List.of()).stream()
                .flatMap(line -> List.of(line.split("; *")).stream())
                .filter(each -> each.startsWith(cookie))
                .map(each -> tokens.right(each.substring(cookie.length())))
                .filter(right -> right != null)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String bearer(Headers headers) {
        String authorization = headers.getFirst("Authorization");
        return authorization != null && authorization.startsWith(BEARER)
                ? authorization.substring(BEARER.length()).strip()
                : null;
    }
}
