// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.webconsole;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.apache.felix.webconsole.spi.SecurityProvider;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;

/// Lets those into the console who have the token of the web server to change something: it is the password, with any
/// name. The console can install bundles, so there is no right to see it alone. Safe for all threads.
@Component(
        service = SecurityProvider.class,
        property = {
            SecurityProvider.PROPERTY_ID + "=taskwatch",
            "service.ranking:Integer=" + TokenSecurity.RANKING
        })
public final class TokenSecurity implements SecurityProvider {
    /// Above that of the console's own, which has a name and a password by configuration.
    static final int RANKING = 1000;

    private static final String BASIC = "Basic ";

    private final Path file;

    /// Made by Declarative Services.
    ///
    /// @param context tells where the base is
    @Activate
    public TokenSecurity(BundleContext context) {
        this(
                Path.of(
                        String.valueOf(context.getProperty("taskwatch.base")),
                        "run",
                        "http-control-token"));
    }

    TokenSecurity(Path file) {
        this.file = file;
    }

    @Override
    public @Nullable Object authenticate(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", "frame-ancestors 'self'");
        try {
            if (!isToken(password(request.getHeader("Authorization")))) {
                challenge(response);
            } else if (!SameOrigin.isGivenIfNeeded(request)) {
                Refusal.tell(
                        response,
                        HttpServletResponse.SC_FORBIDDEN,
                        "what changes something must come from this origin");
            } else {
                return "taskwatch";
            }
        } catch (IOException e) {
            response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR); // the client has gone
        }
        return null;
    }

    /// {@return true: who has the token may do all}
    @Override
    public boolean authorize(Object user, String role) {
        return true;
    }

    @Override
    public void logout(HttpServletRequest request, HttpServletResponse response) {
        try {
            challenge(response);
        } catch (IOException e) {
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED); // the client has gone
        }
    }

    private static void challenge(HttpServletResponse response) throws IOException {
        response.setHeader("WWW-Authenticate", "Basic realm=\"Taskwatch\"");
        Refusal.tell(
                response,
                HttpServletResponse.SC_UNAUTHORIZED,
                "the password is the token in the address that taskwatch web --control prints");
    }

    /// {@return what was said, empty if nothing was}
    private static String password(@Nullable String authorization) {
        if (authorization == null || !authorization.startsWith(BASIC)) {
            return "";
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
            String text = new String(decoded, StandardCharsets.ISO_8859_1);
            return text.substring(text.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return ""; // not Base64
        }
    }

    /// Until the web server was started once there is no token, and nobody gets in.
    private boolean isToken(String said) throws IOException {
        if (said.isEmpty() || !Files.exists(file)) {
            return false;
        }
        byte[] token =
                Files.readString(file, StandardCharsets.ISO_8859_1)
                        .strip()
                        .getBytes(StandardCharsets.ISO_8859_1);
        return MessageDigest.isEqual(token, said.getBytes(StandardCharsets.ISO_8859_1));
    }
}
