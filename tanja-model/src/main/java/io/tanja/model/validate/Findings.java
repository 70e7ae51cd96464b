package io.tanja.model.validate;

import io.tanja.model.api.ApiObject;
import io.tanja.model.identity.Quote;
import java.util.List;
import java.util.Map;

/** Collects the problems of one object. Written by the one thread that checks it. */
record Findings(ApiObject object, List<Problem> problems) {
    void error(String field, String message, String remedy) {
        add(Problem.Severity.ERROR, field, message, remedy);
    }

    void warning(String field, String message, String remedy) {
        add(Problem.Severity.WARNING, field, message, remedy);
    }

    private void add(Problem.Severity severity, String field, String message, String remedy) {
        problems.add(new Problem(
                severity, object.origin().file(), object.origin().line(), object.id(), field, message, remedy));
    }

    /** Selectors compare labels literally; a wildcard would match nothing. */
    void selector(Map<String, String> selector) {
        selector.forEach((key, value) -> {
            if (key.isEmpty() || key.indexOf('*') >= 0 || value.indexOf('*') >= 0) {
                error(
                        "spec.selector.matchLabels",
                        "\"" + Quote.printable(key) + ": " + Quote.printable(value) + "\" has a wildcard or no key",
                        "write the label as the pods have it");
            }
        });
    }
}
