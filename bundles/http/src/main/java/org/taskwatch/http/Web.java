// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.taskwatch.api.tool.WebServer;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The web server: off until it is started, by its configuration or a command.
@Designate(ocd = Web.Config.class)
@Component(immediate = true, configurationPid = "org.taskwatch.http")
public final class Web implements WebServer {
    private static final System.Logger LOG = System.getLogger(Web.class.getName());
    private static final String DEADLINE = "taskwatch.unload.deadline.ms"; // as for watchers
    private static final long STANDARD_DEADLINE = 10_000;

    private final BundleContext context;
    private final Config config;

    @GuardedBy("this")
    private @Nullable Running running;

    private record Running(Paths paths, Listener listener, Tokens tokens) {}

    /// The configuration.
    @ObjectClassDefinition(
            name = "Web server",
            description = "where the page, the metrics and the events are served")
    public @interface Config {
        /// {@return whether it runs from the start}
        @AttributeDefinition(description = "whether it runs from the start")
        boolean start() default false;

        /// {@return the address to listen at, of this machine}
        @AttributeDefinition(description = "address of this machine to listen at")
        String address() default "127.0.0.1";

        /// {@return the port; 0 for one that is free}
        @AttributeDefinition(description = "port; 0 for one that is free", min = "0", max = "65535")
        int port() default 0;
    }

    /// Made by Declarative Services.
    ///
    /// @param context where the services are that serve paths
    /// @param config the configuration
    @Activate
    public Web(BundleContext context, Config config) {
        this.context = context;
        this.config = config;
        if (config.start()) {
            try {
                start(Right.SEE);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "the web server is not started: " + e.getMessage());
            }
        }
    }

    @Override
    public synchronized URI start(Right right) throws IOException {
        if (running == null) {
            running = listen();
            LOG.log(Level.INFO, "the web server listens at {0}", running.listener.address());
        }
        return uri(running.listener.address(), running.tokens.of(right));
    }

    @Override
    public synchronized @Nullable URI running(Right right) {
        return running == null ? null : uri(running.listener.address(), running.tokens.of(right));
    }

    private Running listen() throws IOException {
        Path folder = Path.of(String.valueOf(context.getProperty("taskwatch.base")), "run");
        Tokens tokens = Tokens.of(Files.createDirectories(folder));
        InetSocketAddress wanted = new InetSocketAddress(config.address(), config.port());
        Paths paths = new Paths(context, deadline());
        try {
            if (wanted.isUnresolved()) {
                throw new IOException("the name is not known");
            }
            Listener listener = new Listener(wanted, tokens, paths);
            paths.open();
            return new Running(paths, listener, tokens);
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    "listening at %s port %d: %s; etc/org.taskwatch.http.cfg says where"
                            .formatted(config.address(), config.port(), e.getMessage()),
                    e);
        }
    }

    private Duration deadline() {
        String millis = context.getProperty(DEADLINE);
        return Duration.ofMillis(
                millis == null ? STANDARD_DEADLINE : Long.parseLong(millis.strip()));
    }

    private static URI uri(InetSocketAddress address, Token token) {
        String host = address.getAddress().getHostAddress();
        return URI.create(
                "http://%s:%d/?token=%s"
                        .formatted(
                                host.contains(":") ? "[" + host + "]" : host,
                                address.getPort(),
                                token));
    }

    /// Ends it. Waits for requests as if the services that serve them went.
    @Override
    @Deactivate
    public synchronized void stop() {
        if (running != null) {
            running.paths.close();
            running.listener.close();
            running = null;
        }
    }
}
