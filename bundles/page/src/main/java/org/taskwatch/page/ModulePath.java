// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.UnloadException;
import org.taskwatch.api.web.WebPath;

import java.io.IOException;
import java.net.HttpURLConnection;

/// Suspends, resumes or unloads the module of the parameter `module`, as the parameter `do` says.
@Component
@WebPath("/page/module")
public final class ModulePath implements HttpHandler {
    private final Modules modules;

    /// Made by Declarative Services, when the server is started.
    ///
    /// @param modules what it steers
    @Activate
    public ModulePath(@Reference Modules modules) {
        this.modules = modules;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            Replies.text(exchange, HttpURLConnection.HTTP_BAD_METHOD, "only POST changes a module");
            return;
        }
        String name = Replies.parameter(exchange, "module");
        try {
            Replies.text(
                    exchange,
                    HttpURLConnection.HTTP_OK,
                    change(Replies.parameter(exchange, "do"), name));
        } catch (UnloadException | IllegalArgumentException | IllegalStateException e) {
            Replies.text(exchange, HttpURLConnection.HTTP_CONFLICT, String.valueOf(e.getMessage()));
        }
    }

    private String change(String what, String name) throws UnloadException {
        switch (what) {
            case "suspend" -> {
                modules.unregister(name);
                return "suspended " + name + ": no call is in flight";
            }
            case "resume" -> {
                modules.register(name);
                modules.resume(name);
                return "resumed " + name;
            }
            case "unload" -> {
                modules.unload(name);
                return "unloaded " + name + ": its bundle is stopped";
            }
            default ->
                    throw new IllegalArgumentException(
                            "do=" + what + ": expected suspend, resume or unload");
        }
    }
}
