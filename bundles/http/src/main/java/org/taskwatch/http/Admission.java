// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import java.net.HttpURLConnection;

/// What is decided about a request: how it goes on, or the status and the reason to refuse it with.
enum Admission {
    /// It goes on; the client may see.
    MAY_SEE(HttpURLConnection.HTTP_OK, "see"),

    /// It goes on; the client may also change.
    MAY_CONTROL(HttpURLConnection.HTTP_OK, "see control"),

    /// The client is told to ask again, with the cookie that it gets.
    HAS_COOKIE_NOW(HttpURLConnection.HTTP_SEE_OTHER, ""),

    /// Nothing is done by this method.
    NO_SUCH_METHOD(HttpURLConnection.HTTP_BAD_METHOD, "GET, HEAD and POST are answered"),

    /// It comes from a page of somebody else, or may do so.
    ELSEWHERE(
            HttpURLConnection.HTTP_FORBIDDEN,
            "the headers Host and Origin must name the address of this server"),

    /// The client has said no token, or none of this server.
    NO_TOKEN(
            HttpURLConnection.HTTP_UNAUTHORIZED,
            "the token is needed; taskwatch web prints the address with it"),

    /// What it asks for changes something.
    MAY_ONLY_SEE(
            HttpURLConnection.HTTP_FORBIDDEN,
            "with this token one may only see; taskwatch web --control prints the address with that"
                    + " to change something");

    private final int status;
    private final String text;

    Admission(int status, String text) {
        this.status = status;
        this.text = text;
    }

    /// {@return the status of the reply}
    int status() {
        return status;
    }

    /// {@return what the client may do, as words, if it goes on; else why it does not}
    String text() {
        return text;
    }
}
