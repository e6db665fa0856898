// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import com.sun.net.httpserver.HttpExchange;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Commands;
import org.taskwatch.control.MisuseException;
import org.taskwatch.control.Option;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A request for a stream. Its parameters are the options of the command `events`, without hyphens: `event=EXEC,EXIT`,
/// `processes`; and `after`, as the header `Last-Event-ID`, with the position after which to go on.
///
/// @param filter what is asked for, as text: the same for the same
/// @param options the same, understood
/// @param stream the name of the stream to go on with; empty for a new one
/// @param after after which item of that
record EventsRequest(String filter, EventOptions options, String stream, long after) {
    private static final String AFTER = "after";
    private static final Pattern POSITION = Pattern.compile("([0-9a-f]{8})-(\\d{1,18})");

    /// The options that make sense here.
    private static final Map<String, Option> PARAMETERS =
            Commands.EVENTS.options().stream()
                    .filter(option -> !List.of("json", "count").contains(option.name()))
                    .collect(Collectors.toMap(Option::name, Function.identity()));

    /// {@return the request}
    ///
    /// @throws MisuseException if a parameter is unknown, or its value makes no sense
    static EventsRequest of(HttpExchange exchange) throws MisuseException {
        String position = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        String query = exchange.getRequestURI().getRawQuery();
        List<String> words = new ArrayList<>();
        for (String parameter :
                query == null || query.isEmpty() ? new String[0] : query.split("&")) {
            String[] parts = parameter.split("=", 2);
            String value = parts.length == 1 ? "" : decoded(parts[1]);
            if (parts[0].equals(AFTER)) {
                position = position == null ? value : position; // a browser keeps the address
            } else {
                words.add(word(parts[0], value));
            }
        }
        EventOptions options = EventOptions.of(Arguments.parse(Commands.EVENTS, words));
        String filter = String.join(" ", words);
        if (position == null) {
            return new EventsRequest(filter, options, "", 0);
        }
        Matcher parts = POSITION.matcher(position);
        if (!parts.matches()) {
            throw new MisuseException("no event has the position '" + position + "'");
        }
        return new EventsRequest(filter, options, parts.group(1), Long.parseLong(parts.group(2)));
    }

    private static String word(String name, String value) throws MisuseException {
        Option option = PARAMETERS.get(name);
        if (option == null) {
            throw new MisuseException(
                    "unknown parameter '%s'; there are %s and %s"
                            .formatted(
                                    name,
                                    PARAMETERS.keySet().stream()
                                            .sorted()
                                            .collect(Collectors.joining(", ")),
                                    AFTER));
        }
        return option.hasValue() ? "--" + name + "=" + value : "--" + name;
    }

    private static String decoded(String text) throws MisuseException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new MisuseException(String.valueOf(e.getMessage()));
        }
    }
}
