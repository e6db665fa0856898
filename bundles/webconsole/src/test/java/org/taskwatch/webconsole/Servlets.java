// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.webconsole;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.apache.felix.webconsole.servlet.ServletConstants;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// A request to a servlet, and what it answers.
final class Servlets {
    static final String ROOT = "/system/console/taskwatch";

    private Servlets() {}

    /// {@return a request}
    ///
    /// @param line method and address, as `GET /system/console?query`
    /// @param headers names and values by turns
    static HttpServletRequest request(String line, byte[] body, String... headers) {
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        String[] words = line.split("[ ?]");
        InvocationHandler handler =
                (_, method, arguments) ->
                        switch (method.getName()) {
                            case "getMethod" -> words[0];
                            case "getRequestURI" -> words[1];
                            case "getQueryString" -> words.length > 2 ? words[2] : null;
                            case "getHeader" -> all.get(arguments[0]);
                            case "getAttribute" ->
                                    arguments[0].equals(ServletConstants.ATTR_PLUGIN_ROOT)
                                            ? ROOT
                                            : null;
                            case "getContentLengthLong" -> (long) body.length;
                            case "getInputStream" -> new Input(body);
                            default -> throw new UnsupportedOperationException(method.getName());
                        };
        return proxy(HttpServletRequest.class, handler);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(
                        Servlets.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static final class Input extends ServletInputStream {
        private final ByteArrayInputStream bytes;

        Input(byte[] body) {
            bytes = new ByteArrayInputStream(body);
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException();
        }
    }

    /// What a servlet has answered. Of the test's thread and that of the servlet.
    static final class Answer extends ServletOutputStream {
        final Map<String, String> headers = new ConcurrentSkipListMap<>();
        private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
        private final StringWriter written = new StringWriter();
        private volatile int status;

        /// Whether the client has gone: what is sent to it fails.
        volatile boolean isGone;

        HttpServletResponse response() {
            InvocationHandler handler =
                    (_, method, arguments) -> {
                        switch (method.getName()) {
                            case "setStatus" -> status = (int) arguments[0];
                            case "setHeader" ->
                                    headers.put((String) arguments[0], (String) arguments[1]);
                            case "flushBuffer", "setContentLengthLong" -> {}
                            case "isCommitted" -> {
                                return sent.size() > 0;
                            }
                            case "getOutputStream" -> {
                                return this;
                            }
                            case "getWriter" -> {
                                return new PrintWriter(written, true);
                            }
                            default -> throw new UnsupportedOperationException(method.getName());
                        }
                        return null;
                    };
            return proxy(HttpServletResponse.class, handler);
        }

        int status() {
            return status;
        }

        String body() {
            return sent.toString(StandardCharsets.UTF_8) + written;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (isGone) {
                throw new IOException("the client has gone");
            }
            sent.write(bytes, from, length);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException();
        }
    }
}
