package org.oicbridge.peers;

import java.util.List;

/** Writes {@code ejabberd.yml}: Debian's values, with the limits the options ask for. */
final class EjabberdConfiguration {
  private EjabberdConfiguration() {}

  static String yaml(ServerFiles files, List<Integer> ports, EjabberdPeer.Options options) {
    String common =
        """
        loglevel: info
        log_rotate_count: 0
        hosts:
          - %1$s
        certfiles:
          - "%2$s"
          - "%3$s"
        define_macro:
          'TLS_OPTIONS':
            - "no_sslv3"
            - "no_tlsv1"
            - "no_tlsv1_1"
            - "cipher_server_preference"
            - "no_compression"
        c2s_ciphers: "HIGH:!aNULL:!eNULL:!3DES:@STRENGTH"
        c2s_protocol_options: 'TLS_OPTIONS'
        listen:
          -
            port: %4$d
            ip: "127.0.0.1"
            module: ejabberd_c2s
            max_stanza_size: 262144
            shaper: c2s_shaper
            access: c2s
            starttls_required: true
          -
            port: %5$d
            ip: "127.0.0.1"
            module: ejabberd_c2s
            max_stanza_size: 262144
            shaper: c2s_shaper
            access: c2s
            tls: true
          -
            port: %6$d
            ip: "127.0.0.1"
            module: ejabberd_http
            request_handlers:
              /api: mod_http_api
        disable_sasl_mechanisms:
          - "digest-md5"
          - "X-OAUTH2"
        auth_password_format: scram
        auth_scram_hash: %7$s
        acl:
          loopback:
            ip:
              - 127.0.0.0/8
          # An operator names the accounts of the fleet; here all are.
          fleet:
            user_regexp: ""
        access_rules:
          c2s:
            allow: all
        api_permissions:
          "accounts for tests":
            who:
              ip: 127.0.0.0/8
            what:
              - register
        """
            .formatted(
                EjabberdPeer.DOMAIN,
                files.chainFile(),
                files.keyFile(),
                ports.get(0),
                ports.get(1),
                ports.get(2),
                options.hash().key);
    String limits =
        switch (options.limits()) {
          case AS_SHIPPED ->
              """
              shaper:
                normal:
                  rate: 3000
                  burst_size: 20000
              shaper_rules:
                max_user_sessions: 10
                max_user_offline_messages: 100
                c2s_shaper: normal
              """;
          case TUNED ->
              """
              shaper:
                normal:
                  rate: 3000
                  burst_size: 20000
              shaper_rules:
                max_user_sessions:
                  infinity: fleet
                  10: all
                max_user_offline_messages: 100
                c2s_shaper:
                  none: fleet
                  normal: all
              """;
        };
    // Debian's list without the modules that need listeners of their own or serve chat rooms.
    String modules =
        """
        modules:
          mod_adhoc: {}
          mod_blocking: {}
          mod_caps: {}
          mod_carboncopy: {}
          mod_client_state: {}
          mod_disco: {}
          mod_http_api: {}
          mod_last: {}
          mod_offline:
            access_max_user_messages: max_user_offline_messages
          mod_ping: {}
          mod_privacy: {}
          mod_private: {}
          mod_pubsub:
            plugins:
              - flat
              - pep
          mod_roster:
            versioning: true
          mod_stream_mgmt:
            resend_on_timeout: if_offline
          mod_vcard:
            search: false
          mod_version: {}
        """;
    String guards =
        switch (options.limits()) {
          case AS_SHIPPED ->
              """
                mod_fail2ban: {}
                mod_pres_counter:
                  count: 5
                  interval: 60
              """;
          case TUNED -> "";
        };
    return common + limits + modules + guards;
  }
}
