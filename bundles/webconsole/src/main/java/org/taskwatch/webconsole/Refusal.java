// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.webconsole;

import jakarta.servlet.http.HttpServletResponse;

import java.io.IOException;

/// An answer of a sentence, as our web server gives them: the page shows it.
final class Refusal {
    private Refusal() {}

    /// Answers with it.
    static void tell(HttpServletResponse response, int status, String text) throws IOException {
        response.setStatus(status);
        response.setHeader("Content-Type", "text/plain; charset=utf-8");
        response.getWriter().println(text);
        response.flushBuffer();
    }
}
