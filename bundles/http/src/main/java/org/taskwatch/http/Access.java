// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;

import org.jspecify.annotations.Nullable;

import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/// Who may ask. Every user of the machine can connect to the loopback, and so can, by the names that they make up for it (DNS
/// rebinding), the pages that are open in a browser. So a request must name the address that is listened to, must not
/// come from another origin, and must have the token: as `Authorization: Bearer`, as a cookie, or once as
/// the parameter `token`, for which a browser gets the cookie. Immutable.
final class Access {
    private static final String BEARER = "Bearer ";
    private static final String PARAMETER = "token=";

    private final Token token;
    private final Set<String> hosts;
    private final String cookie;

    /// @param token what a client must know
    /// @param address where the server listens
    Access(Token token, InetSocketAddress address) {
        this.token = token;
        int port = address.getPort();
        String own = address.getAddress().getHostAddress();
        hosts =
                address.getAddress().isLoopbackAddress()
                        ? Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port)
                        : Set.of((own.contains(":") ? "[" + own + "]" : own) + ":" + port);
        cookie = "taskwatch-" + port + "="; // cookies do not know ports
    }

    /// Decides about a request.
    ///
    /// @return 200 if it may go on; the status to refuse it with; or 303 if the client has said the token as a
    ///     parameter, and the reply has the cookie now
    int check(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        if (!List.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
            return HttpURLConnection.HTTP_BAD_METHOD;
        }
        String host = headers.getFirst("Host");
        String origin = headers.getFirst("Origin");
        if (host == null
                || !hosts.contains(host)
                || origin != null && !origin.equals("http://" + host)) {
            return HttpURLConnection.HTTP_FORBIDDEN;
        }
        if (saysToken(exchange.getRequestURI().getRawQuery())) {
            exchange.getResponseHeaders()
                    .add("Set-Cookie", cookie + token + "; HttpOnly; SameSite=Strict; Path=/");
            return HttpURLConnection.HTTP_SEE_OTHER;
        }
        return hasToken(headers) ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAUTHORIZED;
    }

    private boolean saysToken(@Nullable String query) {
        return query != null
                && query.startsWith(PARAMETER)
                && token.is(query.substring(PARAMETER.length()));
    }

    private boolean hasToken(Headers headers) {
        String authorization = headers.getFirst("Authorization");
        if (authorization != null && authorization.startsWith(BEARER)) {
            return token.is(authorization.substring(BEARER.length()).strip());
        }
        return headers.getOrDefault("Cookie", List.of()).stream()
                .flatMap(line -> List.of(line.split("; *")).stream())
                .filter(each -> each.startsWith(cookie))
                .anyMatch(each -> token.is(each.substring(cookie.length())));
    }
}
