// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.web.WebPath;

import java.io.IOException;

/// The page itself.
@Component
@WebPath("/")
public final class IndexPath implements HttpHandler {
    /// Made by Declarative Services, when the server is started.
    public IndexPath() {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Assets.reply(exchange, "index.html");
    }
}
