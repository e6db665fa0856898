// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.page;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.sun.net.httpserver.HttpExchange;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// How the paths of the page read their parameters and answer.
final class Replies {
    private static final Gson GSON = new GsonBuilder().serializeNulls().create();

    private Replies() {}

    /// {@return a parameter of the address, empty if it is not there}
    static String parameter(HttpExchange exchange, String name) {
        String query = exchange.getRequestURI().getRawQuery();
        for (String each : query == null ? new String[0] : query.split("&")) {
            if (each.startsWith(name + "=")) {
                return URLDecoder.decode(each.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    /// Answers with records as JSON.
    static void json(HttpExchange exchange, Object records) throws IOException {
        bytes(
                exchange,
                HttpURLConnection.HTTP_OK,
                "application/json",
                GSON.toJson(records).getBytes(StandardCharsets.UTF_8));
    }

    /// Answers with a sentence.
    static void text(HttpExchange exchange, int status, String text) throws IOException {
        bytes(exchange, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /// Answers with the bytes of a type.
    static void bytes(HttpExchange exchange, int status, String type, byte[] bytes)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD") || bytes.length == 0) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
