// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.web.WebPath;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;

/// Puts what is sent into the folder `deploy` of the base, by the name of the parameter `name`. It is written elsewhere
/// and moved there, so whoever looks into the folder sees all of it or nothing. The server bounds its size.
@Component
@WebPath("/page/deploy")
public final class DeployPath implements HttpHandler {
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}\\.(jar|java)");

    private final Path base;

    /// Made by Declarative Services, when the server is started.
    ///
    /// @param context knows the base
    @Activate
    public DeployPath(BundleContext context) {
        this(Path.of(String.valueOf(context.getProperty("taskwatch.base"))));
    }

    /// @param base the base folder of the instance
    DeployPath(Path base) {
        this.base = base;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String name = Replies.parameter(exchange, "name");
        if (!exchange.getRequestMethod().equals("POST")) {
            Replies.text(exchange, HttpURLConnection.HTTP_BAD_METHOD, "only POST deploys a file");
        } else if (!NAME.matcher(name).matches()) {
            Replies.text(
                    exchange,
                    HttpURLConnection.HTTP_BAD_REQUEST,
                    "can't deploy '%s': expected a name of letters, digits, '.', '_' and '-' that ends with .jar or .java"
                            .formatted(name));
        } else {
            deploy(exchange.getRequestBody(), name);
            Replies.text(exchange, HttpURLConnection.HTTP_OK, name + " is in the folder deploy");
        }
    }

    private void deploy(InputStream content, String name) throws IOException {
        Path fresh =
                Files.createTempFile(Files.createDirectories(base.resolve("run")), "deploy", "");
        try {
            Files.copy(content, fresh, StandardCopyOption.REPLACE_EXISTING);
            Path folder = Files.createDirectories(base.resolve("deploy"));
            Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
