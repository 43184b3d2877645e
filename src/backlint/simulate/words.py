"""Word stock of the simulator: data only, no logic.

Every proper name is put together from invented syllables, so that a planted scheme does not
accuse a site that exists. The real names are the hubs and the hosting platforms, which every
backlink profile holds and which are never planted.
"""

from typing import NamedTuple


class Language(NamedTuple):
    """What one language contributes to names, titles and anchors."""

    weight: int
    suffixes: tuple[tuple[str, int], ...]
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    surnames: tuple[str, ...]
    people: tuple[str, ...]
    adjectives: tuple[str, ...]
    titles: tuple[str, ...]
    generic_titles: tuple[str, ...]
    generic_anchors: tuple[str, ...]
    phrases: tuple[str, ...]


class Topic(NamedTuple):
    """A trade: how its shops are called, what they want to rank for, what people write about."""

    trades: tuple[str, ...]
    keywords: tuple[str, ...]
    nouns: dict[str, tuple[str, ...]]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


NEUTRAL_SUFFIXES = (("com", 30), ("net", 10), ("org", 8), ("info", 4), ("eu", 2), ("blog", 2))
YOUNG_SUFFIXES = (("shop", 3), ("site", 2), ("xyz", 2), ("online", 2), ("club", 1))

# The Public Suffix List knows the first group as suffixes; of the second only platform lists know.
SUFFIX_PLATFORMS = (
    "blogspot.com",
    "github.io",
    "wixsite.com",
    "vercel.app",
    "pages.dev",
    "netlify.app",
)
OTHER_PLATFORMS = (
    "wordpress.com",
    "wordpress.com",
    "weebly.com",
    "tumblr.com",
    "substack.com",
    "neocities.org",
)

LANGUAGES: dict[str, Language] = {
    "en": Language(
        56,
        (("com", 50), ("co.uk", 22), ("org.uk", 4), ("com.au", 5), ("ca", 5), ("co.nz", 2)),
        _words(
            "Tarn Hollen Brack Wether Osp Fenn Cold Marl Thorn Ash Quill Pend Harl Wynd Stoke "
            "Lark Mere Dun Bram Kel Rook Elder Saff Winter"
        ),
        _words("bridge by ford stow wick mere combe thorpe leigh den field haven mouth worth"),
        _words("son ley well ridge man wood ton shaw stone more croft"),
        _words(
            "Anna Tom Ruth Priya Colm Jess Hugh Maya Ivor Nell Sam Dora Ben Isla Kofi Wren Ewan "
            "Leila Rory Beth"
        ),
        _words("quiet small plain slow local patient crooked bright spare dusty late handmade"),
        _lines(
            """
            {k} {a} {n} for people who like {m}
            What {w} taught me about {n} and {m}
            A {a} weekend in {p}: {n}, {m} and rain
            {n} or {m}? Notes from {p}
            How we mend {n} at the {p} workshop
            The {a} guide to {n} in {p}
            {w} on {n}: an interview
            Review: the {a} {m} of {p}
            Why {p} still cares about {n}
            {p} diary: {m}, {n} and other {a} things
            My first year with {n}, by {w}
            {n} and {m}: {k} questions answered
            {p} opens a {a} {n} library
            {m} for beginners, with help from {w}
            """
        ),
        ("Links", "Blog", "Home", "About", "Resources", "News", "Friends", "Useful links"),
        ("click here", "website", "here", "read more", "this site", "source", "link", "visit site"),
        _lines(
            """
            their notes on {n}
            a {a} piece about {n} and {m}
            this {n} guide
            the {p} shop
            {n} in {p}
            how they choose {n}
            a longer read on {m}
            where we got our {n}
            """
        ),
    ),
    "de": Language(
        13,
        (("de", 76), ("at", 7), ("ch", 7)),
        _words("Ellmers Kasten Brunn Rotten Hager Wiesen Olden Krumm Seeb Lauten Möhr Grünn Tall"),
        _words("au hausen felde tal bach dorf ried moor büttel kirchen"),
        _words("mann berger er inger kamp hofer"),
        _words("Jonas Mareike Anke Lukas Frieda Oskar Heike Timo Jule Matthias"),
        _words("kleine ruhige ehrliche alte schöne langsame neue krumme"),
        _lines(
            """
            {k} Ideen rund um {n} und {m}
            Zu Besuch in {p}: {n} und {m}
            {n} im Test: {w} berichtet
            Warum {n} in {p} wieder gefragt ist
            {a} Geschichten über {n}
            {w} über {m}: ein Gespräch
            Unser Jahr mit {n} in {p}
            {m} für Anfänger, erklärt von {w}
            """
        ),
        ("Links", "Blog", "Startseite", "Über uns", "Partner", "Aktuelles"),
        ("mehr erfahren", "hier", "Webseite", "zur Seite", "Quelle", "weiterlesen"),
        (
            "ein Beitrag über {n}",
            "{a} Hinweise zu {m}",
            "Laden in {p}",
            "{n} und {m} verstehen",
            "alles über {n}",
        ),
    ),
    "fr": Language(
        8,
        (("fr", 70), ("be", 6), ("ch", 3)),
        _words("Mor Vaucel Brien Tour Lan Sauv Chant Perr Gail Aub Rech Fontb"),
        _words("eval igny ières ac ville euil on ault essac elles"),
        _words("ier eau et on ard in"),
        _words("Élise Hugo Maëlle Théo Camille Noémie Gaspard Inès Rémi Solène"),
        _words("petit vieux joli calme simple lent curieux"),
        _lines(
            """
            {k} conseils pour {n} et {m}
            Un dimanche à {p} : {n} et {m}
            {w} parle de {n}
            Pourquoi {p} aime encore {n}
            Le {a} carnet de {w} : {m}
            {n} ou {m} ? Le point à {p}
            Rencontre avec {w} autour de {n}
            """
        ),
        ("Liens", "Blog", "Accueil", "À propos", "Partenaires"),
        ("cliquez ici", "site web", "en savoir plus", "ici", "lire la suite", "source"),
        ("un article sur {n}", "leur guide {n}", "la boutique de {p}", "{n} et {m} à {p}"),
    ),
    "es": Language(
        7,
        (("es", 58), ("com.mx", 8), ("com.ar", 6), ("cl", 3)),
        _words("Valde Torre Monti Peñar Cala Ribe Alco Herre Sanju Olmi"),
        _words("molinos llano seca bal ejo rubio losa mar ñuela"),
        _words("ez ero ano illo al"),
        _words("Lucía Mateo Nerea Iker Paloma Bruno Inés Rocío Andrés Marta"),
        _words("pequeño viejo tranquilo honesto raro lento"),
        _lines(
            """
            {k} ideas sobre {n} y {m}
            Una tarde en {p}: {n} y {m}
            {w} y su amor por {n}
            Por qué {p} vuelve a {n}
            Guía de {n} para principiantes, por {w}
            {n} o {m}: apuntes desde {p}
            """
        ),
        ("Enlaces", "Blog", "Inicio", "Amigos", "Recursos"),
        ("haz clic aquí", "sitio web", "más información", "aquí", "leer más", "fuente"),
        ("su guía de {n}", "un texto sobre {m}", "la tienda de {p}", "{n} en {p}"),
    ),
    "it": Language(
        5,
        (("it", 80), ("ch", 3)),
        _words("Mon Cas Bel Ser Fon Vall Rocc San Pian Lug"),
        _words("tesano telmare vorsa enna erotta ogna agnola etto"),
        _words("elli ini acci etti oni"),
        _words("Giulia Marco Chiara Nicolò Elisa Pietro Sara Davide"),
        _words("piccolo vecchio lento onesto strano bello"),
        _lines(
            """
            {k} consigli su {n} e {m}
            Una domenica a {p}: {n} e {m}
            {w} racconta: {n}
            Perché a {p} si torna a {n}
            {n} o {m}? Appunti da {p}
            """
        ),
        ("Link", "Blog", "Chi siamo", "Amici"),
        ("clicca qui", "sito web", "qui", "leggi tutto", "fonte"),
        ("la guida su {n}", "un articolo di {m}", "il negozio di {p}", "{n} a {p}"),
    ),
    "nl": Language(
        4,
        (("nl", 78), ("be", 14)),
        _words("Oosten Hoog Wester Leeuw Zand Broek Ter Mun Schel Vries"),
        _words("broek drecht veen hoven wijk zand meer ede"),
        _words("stra sma man mans veld"),
        _words("Sanne Bram Lotte Daan Femke Joris Maartje Koen"),
        _words("kleine oude rustige eerlijke trage mooie"),
        _lines(
            """
            {k} tips voor {n} en {m}
            Op bezoek in {p}: {n} en {m}
            {w} over {n}
            Waarom {p} van {n} houdt
            {n} of {m}? Een verslag uit {p}
            """
        ),
        ("Links", "Blog", "Over ons", "Vrienden"),
        ("klik hier", "website", "lees meer", "hier", "bron"),
        ("een stuk over {n}", "hun {n} gids", "de winkel in {p}", "{n} in {p}"),
    ),
    "pl": Language(
        3,
        (("pl", 70), ("com.pl", 18)),
        _words("Zielon Krasn Bor Jas Wierzb Dąb Lip Star"),
        _words("owiec ów anka ice ogóra owo"),
        _words("ski cki owski ak czyk"),
        _words("Zofia Tomek Ola Kuba Hania Marek Iga Paweł"),
        _words("mały stary cichy dobry prosty"),
        _lines(
            """
            {k} porad: {n} i {m}
            Weekend w {p}: {n} i {m}
            {w} opowiada o temacie {n}
            {n} czy {m}? Notatki z {p}
            """
        ),
        ("Linki", "Blog", "O nas"),
        ("kliknij tutaj", "strona", "czytaj dalej", "tutaj"),
        ("poradnik {n}", "tekst o {m}", "sklep w {p}", "{n} w {p}"),
    ),
    "pt": Language(
        2,
        (("pt", 40), ("com.br", 44)),
        _words("Vila Monte Ribei Cas Olival Pedra Lour"),
        _words("nova mar rinha telo eda ção osa"),
        _words("eira ães inho oso"),
        _words("João Beatriz Tiago Inês Rui Marta Caio"),
        _words("pequeno velho calmo honesto simples"),
        _lines(
            """
            {k} dicas de {n} e {m}
            Um domingo em {p}: {n} e {m}
            {w} fala de {n}
            {n} ou {m}? Notas de {p}
            """
        ),
        ("Links", "Blog", "Sobre"),
        ("clique aqui", "site", "saiba mais", "aqui"),
        ("um guia de {n}", "texto sobre {m}", "{n} em {p}"),
    ),
    "sv": Language(
        2,
        (("se", 84), ("nu", 4)),
        _words("Björk Ek Lång Näs Sten Hall Grön"),
        _words("torp sund vik köping berga sjö"),
        _words("sson ström gren lund"),
        _words("Elin Nils Åsa Karl Maja Viktor Tove"),
        _words("liten gammal lugn enkel vacker"),
        _lines(
            """
            {k} tips om {n} och {m}
            En helg i {p}: {n} och {m}
            {w} berättar om {n}
            {n} eller {m}? Anteckningar från {p}
            """
        ),
        ("Länkar", "Blogg", "Om oss"),
        ("klicka här", "webbplats", "läs mer", "här"),
        ("en guide till {n}", "om {m}", "{n} i {p}"),
    ),
    "ru": Language(
        1,
        (("ru", 90),),
        _words("Zaren Beloz Kras Verkh Tikh Sosn"),
        _words("ovsk insk ogorye oborsk anovo"),
        _words("ov in enko sky"),
        _words("Анна Илья Ольга Пётр Вера"),
        _words("тихий старый малый простой"),
        _lines(
            """
            {k} советов: {n} и {m}
            Выходные и {n}: рассказывает {w}
            {n} или {m}? Заметки
            """
        ),
        ("Ссылки", "Блог", "О нас"),
        ("здесь", "сайт", "читать дальше"),
        ("статья про {n}", "{n} и {m}"),
    ),
    "ja": Language(
        1,
        (("jp", 60), ("co.jp", 20)),
        _words("Hoshi Nishi Kawa Mizu Asa Tani"),
        _words("mori hara saki numa oka"),
        _words("moto yama gawa shita"),
        _words("さくら 健太 美咲 大輔"),
        _words("小さな 静かな 古い"),
        _lines(
            """
            {n}と{m}の話 {k}
            {w}の{a}{n}
            {a}{m}と{n}
            """
        ),
        ("リンク集", "ブログ", "ホーム"),
        ("こちら", "公式サイト", "続きを読む"),
        ("{n}について", "{a}{m}の店"),
    ),
}

# Labels that only an internationalised domain name can hold; drawn now and then.
IDN_LABELS = (
    "kaffeerösterei",
    "gärtnerglück",
    "fotogräfin",
    "töpferstübchen",
    "cafédesamis",
    "vélopassion",
    "señorperro",
    "рыжаякофейня",
    "велогород",
    "садмечты",
    "珈琲日記",
    "自転車の森",
    "écolejardin",
    "böjd",
    "żółtyrower",
)

TOPICS: dict[str, Topic] = {
    "coffee": Topic(
        ("Coffee", "Roasters", "Espresso"),
        (
            "espresso machines",
            "buy coffee beans online",
            "best espresso machines",
            "coffee subscription",
            "cheap coffee grinder",
            "organic coffee beans",
            "coffee gift box",
            "bean to cup machines",
        ),
        {
            "en": _words(
                "coffee espresso grinders kettles roasting filters beans crema cups brewing "
                "milk cafes latte scales"
            ),
            "de": _words("Kaffee Espresso Mühlen Bohnen Filter Röstung Tassen"),
            "fr": _words("café expresso moulins grains filtres torréfaction tasses"),
            "es": _words("café espresso molinillos granos filtros tueste tazas"),
            "it": _words("caffè espresso macinini chicchi filtri tostatura tazzine"),
            "nl": _words("koffie espresso molens bonen filters branden kopjes"),
            "pl": _words("kawa espresso młynki ziarna filtry palenie"),
            "pt": _words("café espresso moinhos grãos filtros torra"),
            "sv": _words("kaffe espresso kvarnar bönor filter rostning"),
            "ru": _words("кофе эспрессо кофемолка зёрна обжарка"),
            "ja": _words("珈琲 豆 焙煎 抽出 喫茶店"),
        },
    ),
    "cycling": Topic(
        ("Cycles", "Bikes", "Cycle Works"),
        (
            "electric bikes",
            "buy gravel bike online",
            "best commuter bikes",
            "cheap bike parts",
            "bike repair kit",
            "carbon wheels",
            "kids bikes sale",
            "e-bike leasing",
        ),
        {
            "en": _words(
                "bikes wheels gravel touring frames brakes saddles commuting panniers cargo "
                "chains climbs tyres bells"
            ),
            "de": _words("Fahrrad Laufräder Rahmen Bremsen Sättel Touren Ketten"),
            "fr": _words("vélo roues cadres freins selles randonnée chaînes"),
            "es": _words("bicicleta ruedas cuadros frenos sillines rutas cadenas"),
            "it": _words("bici ruote telai freni selle salite catene"),
            "nl": _words("fiets wielen frames remmen zadels toertochten"),
            "pl": _words("rower koła ramy hamulce siodełka"),
            "pt": _words("bicicleta rodas quadros travões selins"),
            "sv": _words("cykel hjul ramar bromsar sadlar"),
            "ru": _words("велосипед колёса рама тормоза"),
            "ja": _words("自転車 車輪 坂道 旅"),
        },
    ),
    "garden": Topic(
        ("Nursery", "Gardens", "Seeds"),
        (
            "garden furniture",
            "buy plants online",
            "best lawn mowers",
            "cheap garden sheds",
            "vegetable seeds",
            "fruit trees for sale",
            "raised beds kit",
            "rattan sofa set",
        ),
        {
            "en": _words(
                "seeds compost roses allotments hedges ponds pruning orchards bees tomatoes "
                "tools ferns soil bulbs"
            ),
            "de": _words("Garten Samen Kompost Rosen Hecken Teiche Bienen"),
            "fr": _words("jardin graines compost roses haies étangs abeilles"),
            "es": _words("jardín semillas compost rosas setos abejas tomates"),
            "it": _words("giardino semi compost rose siepi api pomodori"),
            "nl": _words("tuin zaden compost rozen hagen bijen"),
            "pl": _words("ogród nasiona kompost róże pszczoły"),
            "pt": _words("jardim sementes composto rosas abelhas"),
            "sv": _words("trädgård frön kompost rosor bin"),
            "ru": _words("сад семена розы пчёлы"),
            "ja": _words("庭 種 薔薇 畑"),
        },
    ),
    "photo": Topic(
        ("Camera", "Prints", "Photo Supply"),
        (
            "canvas prints",
            "buy used cameras online",
            "best camera lenses",
            "cheap photo books",
            "film developing",
            "wedding photographer prices",
            "photo gifts",
            "camera rental",
        ),
        {
            "en": _words(
                "cameras lenses film darkrooms prints portraits tripods light street negatives "
                "paper framing zines exposure"
            ),
            "de": _words("Kamera Objektive Film Dunkelkammer Abzüge Porträts Licht"),
            "fr": _words("photo objectifs pellicule tirages portraits lumière cadres"),
            "es": _words("cámara objetivos película retratos luz copias"),
            "it": _words("fotografia obiettivi pellicola ritratti luce stampe"),
            "nl": _words("camera lenzen film portretten licht afdrukken"),
            "pl": _words("aparat obiektywy film portrety światło"),
            "pt": _words("câmara lentes película retratos luz"),
            "sv": _words("kamera objektiv film porträtt ljus"),
            "ru": _words("фото плёнка объективы свет"),
            "ja": _words("写真 カメラ 光 暗室"),
        },
    ),
    "outdoor": Topic(
        ("Outdoor", "Trail Supply", "Tents"),
        (
            "camping tents",
            "buy hiking boots online",
            "best sleeping bags",
            "cheap rucksacks",
            "roof tents",
            "waterproof jackets",
            "family tents sale",
            "camping stove",
        ),
        {
            "en": _words(
                "trails tents boots maps huts stoves rivers camping ridges packs knots weather "
                "bothies walks"
            ),
            "de": _words("Wandern Zelte Stiefel Karten Hütten Kocher Flüsse"),
            "fr": _words("randonnée tentes bottes cartes refuges rivières réchauds"),
            "es": _words("senderos tiendas botas mapas refugios ríos"),
            "it": _words("sentieri tende scarponi mappe rifugi fiumi"),
            "nl": _words("wandelen tenten laarzen kaarten hutten rivieren"),
            "pl": _words("szlaki namioty buty mapy schroniska"),
            "pt": _words("trilhos tendas botas mapas rios"),
            "sv": _words("vandring tält kängor kartor stugor"),
            "ru": _words("поход палатки карты реки"),
            "ja": _words("山 テント 地図 川"),
        },
    ),
    "pottery": Topic(
        ("Ceramics", "Pottery", "Homeware"),
        (
            "handmade mugs",
            "buy dinnerware online",
            "best pottery wheels",
            "cheap dinner sets",
            "ceramic vases",
            "stoneware bowls",
            "pottery classes",
            "kitchen tiles",
        ),
        {
            "en": _words(
                "glazes kilns mugs bowls clay tiles wheels studios stoneware vases firing slip "
                "shelves markets"
            ),
            "de": _words("Keramik Glasuren Öfen Becher Schalen Ton Fliesen"),
            "fr": _words("céramique émaux fours tasses bols argile carreaux"),
            "es": _words("cerámica esmaltes hornos tazas cuencos arcilla"),
            "it": _words("ceramica smalti forni tazze ciotole argilla"),
            "nl": _words("keramiek glazuur ovens mokken schalen klei"),
            "pl": _words("ceramika szkliwa piece kubki misy"),
            "pt": _words("cerâmica vidrados fornos canecas barro"),
            "sv": _words("keramik glasyrer ugnar muggar lera"),
            "ru": _words("керамика глазурь печь глина"),
            "ja": _words("陶器 窯 茶碗 土"),
        },
    ),
    "dogs": Topic(
        ("Pet Supply", "Dog Food", "Kennels"),
        (
            "dog food delivery",
            "buy dog beds online",
            "best dog harness",
            "cheap pet insurance",
            "grain free dog food",
            "puppy training",
            "dog toys",
            "dog grooming kit",
        ),
        {
            "en": _words(
                "dogs puppies leads rescue training kennels walks harnesses beaches vets "
                "terriers collies treats baskets"
            ),
            "de": _words("Hunde Welpen Leinen Tierheim Training Futter Körbe"),
            "fr": _words("chiens chiots laisses refuge dressage croquettes"),
            "es": _words("perros cachorros correas refugio paseos pienso"),
            "it": _words("cani cuccioli guinzagli rifugio passeggiate crocchette"),
            "nl": _words("honden puppies riemen asiel training manden"),
            "pl": _words("psy szczenięta smycze schronisko spacery"),
            "pt": _words("cães cachorros trelas abrigo passeios"),
            "sv": _words("hundar valpar koppel träning promenader"),
            "ru": _words("собаки щенки приют прогулки"),
            "ja": _words("犬 子犬 散歩 訓練"),
        },
    ),
    "music": Topic(
        ("Guitars", "Strings", "Music Room"),
        (
            "acoustic guitars",
            "buy guitar pedals online",
            "best beginner guitars",
            "cheap ukuleles",
            "guitar lessons",
            "electric guitar sale",
            "guitar strings",
            "studio monitors",
        ),
        {
            "en": _words(
                "guitars strings pedals fiddles tunings choirs amps repairs sessions ukuleles "
                "records folk scales luthiers"
            ),
            "de": _words("Gitarren Saiten Geigen Chöre Noten Platten Proben"),
            "fr": _words("guitares cordes violons chorales disques partitions"),
            "es": _words("guitarras cuerdas violines coros discos partituras"),
            "it": _words("chitarre corde violini cori dischi spartiti"),
            "nl": _words("gitaren snaren violen koren platen"),
            "pl": _words("gitary struny skrzypce chóry płyty"),
            "pt": _words("guitarras cordas violinos coros discos"),
            "sv": _words("gitarrer strängar fioler körer skivor"),
            "ru": _words("гитара струны хор пластинки"),
            "ja": _words("音楽 ギター 弦 合唱"),
        },
    ),
}

# Host, then the path of a page there ({w} is a word, {i} an id); the most linked first.
HUBS: tuple[tuple[str, str], ...] = (
    ("en.wikipedia.org", "/wiki/{w}"),
    ("www.youtube.com", "/watch?v={i}"),
    ("www.facebook.com", "/{w}"),
    ("www.instagram.com", "/{w}/"),
    ("twitter.com", "/{w}/status/{i}"),
    ("www.google.com", "/maps/place/{w}"),
    ("www.amazon.com", "/dp/{i}"),
    ("www.linkedin.com", "/company/{w}"),
    ("www.bbc.co.uk", "/news/{i}"),
    ("www.reddit.com", "/r/{w}/comments/{i}/"),
    ("github.com", "/{w}/{i}"),
    ("www.theguardian.com", "/lifeandstyle/{w}"),
    ("www.nytimes.com", "/section/{w}"),
    ("www.pinterest.com", "/pin/{i}/"),
    ("apps.apple.com", "/app/{w}/id{i}"),
    ("medium.com", "/@{w}/{i}"),
    ("vimeo.com", "/{i}"),
    ("www.flickr.com", "/photos/{w}/{i}"),
    ("archive.org", "/details/{w}"),
    ("creativecommons.org", "/licenses/by/4.0/"),
    ("wordpress.org", "/plugins/{w}/"),
    ("www.w3.org", "/TR/{w}/"),
    ("open.spotify.com", "/show/{i}"),
    ("www.imdb.com", "/title/tt{i}/"),
    ("www.goodreads.com", "/book/show/{i}"),
    ("www.tripadvisor.com", "/Attraction-{i}"),
    ("www.eventbrite.com", "/e/{w}-{i}"),
    ("stackoverflow.com", "/questions/{i}"),
    ("developer.mozilla.org", "/docs/{w}"),
    ("www.nature.com", "/articles/{i}"),
    ("www.nih.gov", "/health/{w}"),
    ("www.who.int", "/news/item/{i}"),
    ("europa.eu", "/{w}"),
    ("www.microsoft.com", "/{w}"),
    ("www.paypal.com", "/donate/?id={i}"),
    ("soundcloud.com", "/{w}/{i}"),
    ("www.etsy.com", "/shop/{w}"),
    ("www.openstreetmap.org", "/node/{i}"),
)

DIRECTORY_WORDS = _words(
    "directory linkhub webkatalog annuaire sitelist addurl linklist weblinks dirsite topsites "
    "katalog linkbase"
)
HOST_TOPICS = _words(
    "recipes travel health gadgets finance gaming fashion parenting motors cinema interiors "
    "fitness wellness careers crafts pets science sports"
)
SELLER_PITCHES = (
    "buy dofollow backlinks telegram @seo_kingz",
    "PBN links cheap t.me/rankboost_pbn",
    "Buy 1000 DoFollow Backlinks - Telegram: @seo_kingz",
    "d0follow backl1nks DA90+ cheap >> t.me/rankboost_pbn",
    "high DA PBN homepage links for sale whatsapp +10005550137",
    "@seo_kingz best backlinks service",
)
NEWSPAPER_WORDS = _words("herald courier post gazette chronicle mercury echo observer advertiser")
COUNTRY_SUFFIXES = _words(
    "de fr co.uk com.br it es nl pl se at ch be pt com.au co.nz dk ie cz fi com.mx"
)
