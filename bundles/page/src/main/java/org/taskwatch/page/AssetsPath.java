// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.web.WebPath;

import java.io.IOException;

/// The other files of the page.
@Component
@WebPath("/page/*")
public final class AssetsPath implements HttpHandler {
    private static final String FOLDER = "/page/";

    /// Made by Declarative Services, when the server is started.
    public AssetsPath() {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Assets.reply(exchange, exchange.getRequestURI().getPath().substring(FOLDER.length()));
    }
}
